// SPDX-License-Identifier: Apache-2.0
#include "undo.h"


#include <algorithm>
#include <cstdint>

#include "error.h"
#include "file.h"
#include "json_text.h"
#include "process.h"

namespace {

constexpr std::string_view suffix = ".undo.json";

std::string default_folder(const std::string& root) {
  if (const char* folder = environment("CONTAINER_HOOKS_STATE_DIR")) return folder;
  if (!root.empty() || geteuid() == 0) return root + "/var/lib/container-hooks";
  if (const char* state = environment("XDG_STATE_HOME")) return fmt::format("{}/container-hooks", state);
  const char* home = environment("HOME");
  return fmt::format("{}/.local/state/container-hooks", home ? home : "");
}

// FNV-1a: a path may be longer than a file name. The record itself says which file it is of.
std::uint64_t hash(std::string_view text) {
  std::uint64_t result = 0xcbf29ce484222325;
  for (const char c : text) result = (result ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return result;
}

std::string file_name(const std::string& path, const std::string& name) {
  return fmt::format("{:016x}{}", hash(path + '\n' + name), suffix);
}

std::string written(const UndoRecord& record) {
  std::vector<JsonText::SpelledMember> members = {{"engine", json_quoted(record.engine)},
                                                  {"name", json_quoted(record.name)},
                                                  {"path", json_quoted(record.path)}};
  if (record.before) members.push_back({"before", json_quoted(*record.before)});
  members.push_back({"after", json_quoted(record.after)});
  return json_object(members) + '\n';
}

std::optional<std::string> string_in(const JsonText& json, std::string_view name) {
  const auto member = json.member(json.root(), name);
  if (!member) return std::nullopt;
  if (member->value.kind != JsonText::Kind::string) throw json.error_at(member->value.begin, "a string is expected here");
  return json.string(member->value);
}

UndoRecord parsed(const std::string& file, const std::string& content) {
  const JsonText json(file, content);
  const auto required = [&](std::string_view name) {
    auto value = string_in(json, name);
    if (!value) throw json.error_at(json.root().begin, fmt::format("{} is missing", name));
    return *value;
  };
  return {required("engine"), required("name"), required("path"), string_in(json, "before"), required("after")};
}

std::vector<std::string> records_in(const std::string& folder) {
  std::vector<std::string> names = file_names_in(folder);
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(suffix); });
  return names;
}

}  // namespace

UndoRecords::UndoRecords(const std::string& root) : folder_(default_folder(root)) {}

std::optional<UndoRecord> UndoRecords::find(const std::string& path, const std::string& name) const {
  const std::string file = fmt::format("{}/{}", folder_, file_name(path, name));
  const auto content = read_if_exists(file, Trust::required);
  return content ? std::optional(parsed(file, *content)) : std::nullopt;
}

std::vector<UndoRecord> UndoRecords::others(const std::string& path, const std::string& name) const {
  std::vector<UndoRecord> result;
  for (const std::string& file : records_in(folder_)) {
    const std::string whole = fmt::format("{}/{}", folder_, file);
    UndoRecord record = parsed(whole, read_if_exists(whole, Trust::required).value_or(""));
    if (record.path == path && record.name != name) result.push_back(std::move(record));
  }
  return result;
}

void UndoRecords::save(const UndoRecord& record) const {
  create_folders(folder_);
  const std::string path = fmt::format("{}/{}", folder_, file_name(record.path, record.name));
  const std::string content = written(record);
  if (replace_file(read_file(path), {content}, Durability::synced, 0600) != Replaced::done)
    throw error("write {}: somebody else is replacing it", path);
}

void UndoRecords::remove(const std::string& path, const std::string& name) const {
  remove_if_exists(fmt::format("{}/{}", folder_, file_name(path, name)));
}

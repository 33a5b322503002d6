// SPDX-License-Identifier: Apache-2.0
#include "core/engine/undo.h"

#include <algorithm>
#include <cstdint>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/process.h"
#include "core/host/root.h"
#include "core/text/json_text.h"

namespace {

constexpr std::string_view system_directory = "/var/lib/container-hooks";
constexpr std::string_view suffix = ".undo.json";

std::string default_directory() {
  if (geteuid() == 0) return std::string(system_directory);
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
  std::vector<JsonPair> members = {
      {"engine", json_quoted(record.engine)}, {"name", json_quoted(record.name)}, {"path", json_quoted(record.path)}};
  if (record.before) members.push_back({"before", json_quoted(*record.before)});
  members.push_back({"after", json_quoted(record.after)});
  return json_object(members) + '\n';
}

std::optional<std::string> string_in(const JsonText& json, std::string_view name) {
  const auto member = json.member(json.root(), name);
  if (!member) return std::nullopt;
  if (member->value.kind != JsonText::Kind::string)
    throw json.error_at(member->value.begin, "a string is expected here");
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

std::vector<std::string> records_in(const std::string& directory) {
  std::vector<std::string> names = file_names_in(directory);
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(suffix); });
  return names;
}

}  // namespace

UndoRecords::UndoRecords(const std::string& root) {
  if (const char* directory = environment("CONTAINER_HOOKS_STATE_DIR")) {
    directory_ = directory;
    return;
  }
  root_ = root;
  directory_ = root.empty() ? default_directory() : std::string(system_directory);
}

std::string UndoRecords::file(const std::string& name) const {
  return in_root(root_, fmt::format("{}/{}", directory_, name));
}

std::optional<UndoRecord> UndoRecords::find(const std::string& path, const std::string& name) const {
  const std::string record = file(file_name(path, name));
  const auto content = read_if_exists(record, Trust::required);
  return content ? std::optional(parsed(record, *content)) : std::nullopt;
}

std::vector<UndoRecord> UndoRecords::all() const {
  std::vector<UndoRecord> result;
  for (const std::string& name : records_in(in_root(root_, directory_)))
    if (const auto content = read_if_exists(file(name), Trust::required))
      result.push_back(parsed(file(name), *content));
  return result;
}

std::vector<UndoRecord> UndoRecords::others(const std::string& path, const std::string& name) const {
  std::vector<UndoRecord> result = all();
  std::erase_if(result, [&](const UndoRecord& record) { return record.path != path || record.name == name; });
  return result;
}

void UndoRecords::save(const UndoRecord& record) const {
  create_directories(in_root(root_, directory_));
  const std::string path = file(file_name(record.path, record.name));
  if (replace_file(read_file(path), {written(record)}, Durability::synced, 0600) != Replaced::done)
    throw error("write {}: somebody else is replacing it", path);
}

void UndoRecords::remove(const std::string& path, const std::string& name) const {
  remove_if_exists(file(file_name(path, name)));
}

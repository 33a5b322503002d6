// SPDX-License-Identifier: Apache-2.0
#include "core/engine/undo.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <ctime>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/root.h"
#include "core/text/json_text.h"
#include "core/toolkit/names.h"

namespace {

constexpr std::string_view sibling_suffix = ".undo.json.container-hooks";  // as Sibling names what it writes first
constexpr std::string_view suffix = ".undo.json";

constexpr std::string_view user_directory_name = "container-hooks";  // in the user's directory of such files
constexpr int max_lock_attempts = 6'000;
constexpr timespec lock_pause = {0, 10'000'000};

std::string default_directory() {
  if (geteuid() == 0) return std::string(state_directory);
  return fmt::format("{}/{}", require_user_directory(UserFiles::state), user_directory_name);
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

std::vector<std::string> records_in(const RootedPath& directory) {
  std::vector<std::string> names = file_names_in(directory);
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(suffix); });
  return names;
}

}  // namespace

UndoRecords::UndoRecords(const std::string& root) {
  if (const char* directory = environment("CONTAINER_HOOKS_STATE_DIR")) {
    directory_ = absolute_path(directory);
    return;
  }
  root_ = root;
  directory_ = root.empty() ? default_directory() : std::string(state_directory);
}

RootedPath UndoRecords::file(const std::string& name) const { return {root_, fmt::format("{}/{}", directory_, name)}; }

std::optional<UndoRecord> UndoRecords::find(const std::string& path, const std::string& name) const {
  const RootedPath record = file(file_name(path, name));
  const auto content = read_if_exists(record, Trust::required);
  return content ? std::optional(parsed(record.shown(), *content)) : std::nullopt;
}

std::vector<UndoRecord> UndoRecords::all() const {
  std::vector<UndoRecord> result;
  for (const std::string& name : records_in({root_, directory_}))
    if (const auto content = read_if_exists(file(name), Trust::required))
      result.push_back(parsed(file(name).shown(), *content));
  return result;
}

std::vector<UndoRecord> UndoRecords::others(const std::string& path, const std::string& name) const {
  std::vector<UndoRecord> result = all();
  std::erase_if(result, [&](const UndoRecord& record) { return record.path != path || record.name == name; });
  return result;
}

Change UndoRecords::to_save(const UndoRecord& record) const {
  Change change = to_remove(record.path, record.name);
  change.after = written(record);
  return change;
}

Change UndoRecords::to_remove(const std::string& path, const std::string& name) const {
  Change change = file_change(root_, fmt::format("{}/{}", directory_, file_name(path, name)), Trust::required);
  change.kind = Change::Kind::record;
  change.mode = 0600;
  change.after = std::nullopt;
  return change;
}

UndoLock::UndoLock(const std::string& root) : directory_(UndoRecords(root).file("").directory()) {
  while (!acquire()) continue;
}

// Whoever had the lock before may have removed the directory: false then.
bool UndoLock::acquire() {
  descriptor_ = Fd();
  create_directories(directory_);
  const Fd place = open_path(directory_, O_DIRECTORY);
  if (place) descriptor_ = Fd(openat(place.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor_ && errno == ENOENT) return false;
  if (!descriptor_) throw system_error("open the directory {}", directory_.shown());
  for (int attempt = 0; flock(descriptor_.number(), LOCK_EX | LOCK_NB) != 0; ++attempt) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw system_error("lock the directory {}", directory_.shown());
    if (attempt == max_lock_attempts)
      throw error("lock the directory {}: another process keeps it locked", directory_.shown());
    nanosleep(&lock_pause, nullptr);
  }
  const auto named = status_of(directory_);
  struct stat locked;
  return named && fstat(descriptor_.number(), &locked) == 0 && is_same_file(*named, locked);
}

// What writers who were killed left beside records goes: nobody else is one while we have the lock. A directory with records
// in it stays.
UndoLock::~UndoLock() {
  try {
    for (const std::string& name : file_names_in(directory_))
      if (name.ends_with(sibling_suffix)) remove_if_exists(directory_ / name);
  } catch (const Error&) {
    return;
  }
  remove_if_empty(directory_);
}

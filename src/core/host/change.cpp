// SPDX-License-Identifier: Apache-2.0
#include "core/host/change.h"

#include <algorithm>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/path.h"
#include "core/host/root.h"

namespace {

Error changed_meanwhile(const std::string& path) {
  return error("write {}: another process has changed it in the meantime; try again", path);
}

// Also the one that a link leads to whose file is missing yet.
RootedPath directory_for(const Change& change) {
  RootedPath path(change.root, change.path);
  for (int links = 0; links < max_links; ++links) {
    const std::optional<std::string> target = link_target(path);
    if (!target) return path.directory();
    path = path.led_to(*target);
  }
  throw error("write {}: too many links", change.shown_path());
}

void write(const Change& change) {
  if (!change.file.directory) create_directories(directory_for(change));
  const File in_new_directory = change.file.directory ? File() : read_file({change.root, change.path});
  const File& file = change.file.directory ? change.file : in_new_directory;
  if (replace_file(file, {*change.after}, Durability::synced, change.mode) != Replaced::done)
    throw changed_meanwhile(change.file.path);
}

void change_file(const Change& change) {
  if (change.after) return write(change);
  if (remove_if_unchanged(change.file) != Replaced::done) throw changed_meanwhile(change.file.path);
}

void change_link(const Change& change) {
  const RootedPath path(change.root, change.path);
  if (link_target(path) != change.before) throw changed_meanwhile(path.shown());
  if (!change.after) {
    remove_if_exists(path);
    return;
  }
  create_directories(path.directory());
  replace_link(path, *change.after);
}

void perform(const Change& change) { change.kind == Change::Kind::link ? change_link(change) : change_file(change); }

// A run that was killed after the change may have left its sibling beside the file.
void remove_leftover_of(const Change& change) {
  if (change.kind != Change::Kind::link && change.file.directory) remove_leftover(change.file);
}

// From what is there now to the file that was there.
Change change_to_old_file(const Change& change) {
  Change back = file_change(change.root, change.path);
  back.after = change.file.status ? std::optional(change.file.content) : std::nullopt;
  if (change.file.status) back.mode = change.file.status->st_mode & 07777;
  return back;
}

Change change_to_old_link(const Change& change) { return link_change(change.root, change.path, change.before); }

void take_back(const Change& change) {
  const bool is_link = change.kind == Change::Kind::link;
  const Change back = is_link ? change_to_old_link(change) : change_to_old_file(change);
  if (back.before != change.after) return;
  perform(back);
  if (is_link && change.file.status) perform(change_to_old_file(change));
}

}  // namespace

Change file_change(const std::string& root, const std::string& path, Trust trust) {
  Change change;
  change.root = root;
  change.path = path;
  change.file = read_file({root, path}, trust);
  if (change.file.status) change.before = change.file.content;
  change.after = change.before;
  return change;
}

Change link_change(const std::string& root, const std::string& path, std::optional<std::string> target) {
  Change change;
  change.kind = Change::Kind::link;
  change.root = root;
  change.path = path;
  change.before = link_target(RootedPath(root, path));
  change.after = std::move(target);
  if (!change.before && status_of(RootedPath(root, path)))
    throw error("{} is in the way: it is not a link", RootedPath(root, path).shown());
  return change;
}

Change link_change_over_file(const std::string& root, const std::string& path, std::string target) {
  const RootedPath place(root, path);
  if (link_target(place) || !status_of(place)) return link_change(root, path, std::move(target));
  Change change = file_change(root, path);
  change.kind = Change::Kind::link;
  change.before = std::nullopt;
  change.after = std::move(target);
  return change;
}

bool Change::is_needed() const {
  const bool has_mode = !after || !mode || !file.status || (file.status->st_mode & 07777) == *mode;
  return before != after || !has_mode;
}

bool Plan::is_needed() const { return std::ranges::any_of(changes, &Change::is_needed); }

bool Plan::has(Change::Kind kind) const {
  return std::ranges::any_of(changes, [&](const Change& each) { return each.kind == kind && each.is_needed(); });
}

// What cannot be taken back stays: the error that brought us here is the one to tell.
void Transaction::take_back() {
  for (; !done_.empty(); done_.pop_back()) try {
      ::take_back(*done_.back());
    } catch (const Error&) {
      continue;
    }
}

void Transaction::carry_out(const Change& change) {
  if (!change.is_needed()) return remove_leftover_of(change);
  done_.push_back(
      &change);  // also when it fails after it has been made; of one that was not made nothing is taken back
  perform(change);
}

void carry_out(const Plan& plan) {
  Transaction transaction;
  for (const Change& change : plan.changes) transaction.carry_out(change);
  transaction.keep();
}

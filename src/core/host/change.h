// What a command would change in the file system, as values: first all is planned, then all is done.
//
// A plan is made by reading alone. What carries it out writes each change as a
// whole; when a later one fails, it takes the earlier ones back.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/host/file.h"

/// One file or link, as it is and as it shall be.
struct Change {
  enum class Kind : std::uint8_t {
    file,
    link,
    record
  };  // record: a file of our own books, which nobody needs to be told of

  bool is_needed() const;
  /// How users are told: the path here, not the one in the root.
  std::string shown_path() const { return root + path; }

  Kind kind = Kind::file;
  std::string root;                   // the mounted file system that path is in; empty: this one
  std::string path;                   // as it was named: links are not resolved
  std::optional<std::string> before;  // the content of a file, the target of a link; nothing: there is none
  std::optional<std::string> after;
  File file;                   // as it was read; of a link: what is in its place
  std::optional<mode_t> mode;  // that the file shall have, as replace_file() has it; nothing: the one that it has
};

/// A file as it is; what it shall be is before, until somebody says otherwise.
Change file_change(const std::string& root, const std::string& path, Trust trust = Trust::not_needed);

/// A link that shall lead to target (nothing: that shall not be there). Error when something else is in its place.
Change link_change(const std::string& root, const std::string& path, std::optional<std::string> target);

/// The same, but a file in its place is no hindrance.
Change link_change_over_file(const std::string& root, const std::string& path, std::string target);

/// What would change, in the order in which it has to, and what the user should know: a sentence each.
struct Plan {
  /// Whether there is anything to do, if only in our own books.
  bool is_needed() const;
  /// Whether it changes any of that kind.
  bool has(Change::Kind kind) const;

  std::vector<Change> changes;
  std::vector<std::string> notes;
};

/// Changes that are carried out together: unless keep() says that all are done, they are taken back in the end, the last
/// one first, each as far as nobody else has changed the file since.
class Transaction {
 public:
  Transaction() = default;
  ~Transaction() { take_back(); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Of a change that is not needed any more, only what a run that was killed may have left beside the file goes. The
  /// change must outlive the transaction. Error, and this one is not done, when it cannot be, or when the file is no
  /// longer as it was read.
  void carry_out(const Change& change);
  void keep() { done_.clear(); }
  /// As the end does it, but now.
  void take_back();

 private:
  std::vector<const Change*> done_;
};

/// Carries out all changes of the plan, or none.
void carry_out(const Plan& plan);

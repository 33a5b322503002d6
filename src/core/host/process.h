// What the kernel says about this very process.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>
#include <sys/stat.h>

#include <span>
#include <string>
#include <vector>

/// Whether this process is root outside any user namespace: what it starts can do anything on the host.
bool is_host_root();

/// The path of the running binary, also when the file was replaced since; empty where /proc tells nothing.
std::string binary_path();

/// Whether it is the running binary's file, or the one that stands now where it was started from: an emulator leads the
/// kernel's answer to itself.
bool is_this_binary(const struct stat& status);

/// An environment variable that is set and not empty, or nullptr; always nullptr in a set-user-id program.
const char* environment(const char* name);

/// Opens /dev/null as those of descriptors 0 to 2 that are closed, as Go's runtime does for the tools of the engines:
/// no file of ours is then taken for standard input, output or error. Error when that is not possible.
void open_standard_descriptors();

/// For execve(2), with the null pointer at the end: valid as long as the strings.
std::vector<char*> argument_pointers(std::span<const std::string> strings);

/// Of what wait(2) says: the exit status, or 128 + N when signal N ended it.
int exit_status_of(int wait_status);

/// Ignores a signal while it lives: what we execute gets the disposition that we were given.
class IgnoredSignal {
 public:
  explicit IgnoredSignal(int number);
  ~IgnoredSignal();
  IgnoredSignal(const IgnoredSignal&) = delete;
  IgnoredSignal& operator=(const IgnoredSignal&) = delete;

  /// As in the destructor: for a child between fork(2) and execve(2).
  void give_back() const;
  bool was_ignored() const { return old_.sa_handler == SIG_IGN; }

 private:
  int number_;
  struct sigaction old_ = {};
};

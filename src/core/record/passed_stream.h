// One output of a hook on its way to the engine, and the last of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <cstddef>
#include <string>
#include <string_view>

class PassedStream {
 public:
  /// Reads from a descriptor that does not wait; writes to another, which may be closed. Both stay whose they are.
  PassedStream(int from, int to) : from_(from), to_(to) {}

  /// What to wait for before the next step; its fd is negative when there is nothing more to come.
  pollfd wanted() const;
  /// Reads or writes what is possible now.
  void step(short ready);
  /// Whether something that was read is still to be written.
  bool has_pending() const { return written_ < pending_.size(); }
  /// Takes what is in the pipe now, but not what comes later: somebody whom the hook left running may keep writing.
  void take_rest();

  /// The last 4 KiB, whatever bytes they are.
  const std::string& tail() const { return tail_; }

 private:
  std::size_t read_some();  // how many bytes
  void keep_tail(std::string_view piece);
  void write_some();
  void give_up_writing();

  int from_;
  int to_;
  std::string pending_;
  std::size_t written_ = 0;  // of pending_
  std::string tail_;
};

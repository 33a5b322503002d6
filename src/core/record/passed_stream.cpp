// SPDX-License-Identifier: Apache-2.0
#include "core/record/passed_stream.h"

#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace {

constexpr std::size_t tail_size = 4096;
constexpr std::size_t piece_size = 65'536;  // a pipe's usual capacity

}  // namespace

pollfd PassedStream::wanted() const {
  if (has_pending()) return {to_, POLLOUT, 0};
  return {from_, POLLIN, 0};
}

void PassedStream::step(short ready) {
  if (ready == 0) return;
  if (!has_pending())
    read_some();
  else if ((ready & POLLOUT) != 0)
    write_some();
  else
    give_up_writing();
}

std::size_t PassedStream::read_some() {
  pending_.erase(0, written_);
  written_ = 0;
  const std::size_t kept = pending_.size();
  pending_.resize(kept + piece_size);
  const ssize_t result = read(from_, pending_.data() + kept, piece_size);
  const auto count = static_cast<std::size_t>(std::max<ssize_t>(result, 0));
  pending_.resize(kept + count);
  if (result == 0 || (result < 0 && errno != EAGAIN && errno != EINTR)) from_ = -1;
  keep_tail(std::string_view(pending_).substr(kept));
  if (to_ < 0) pending_.clear();
  return count;
}

void PassedStream::keep_tail(std::string_view piece) {
  tail_.append(piece.substr(piece.size() - std::min(piece.size(), tail_size)));
  if (tail_.size() > tail_size) tail_.erase(0, tail_.size() - tail_size);
}

// pipe(7): what is not larger than PIPE_BUF does not wait where poll(2) says that there is room.
void PassedStream::write_some() {
  const std::string_view left = std::string_view(pending_).substr(written_, PIPE_BUF);
  const ssize_t count = write(to_, left.data(), left.size());
  if (count > 0)
    written_ += static_cast<std::size_t>(count);
  else if (errno != EAGAIN && errno != EINTR)
    give_up_writing();
}

// Nobody reads it, or it is closed: that does not hold the hook up.
void PassedStream::give_up_writing() {
  written_ = pending_.size();
  to_ = -1;
}

void PassedStream::take_rest() {
  int waiting = 0;
  if (from_ < 0 || ioctl(from_, FIONREAD, &waiting) != 0) waiting = 0;
  for (auto left = static_cast<std::size_t>(waiting); left > 0 && from_ >= 0;) {
    const std::size_t count = read_some();
    if (count == 0) break;
    left -= std::min(left, count);
  }
  from_ = -1;
}

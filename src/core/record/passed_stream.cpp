// SPDX-License-Identifier: Apache-2.0
#include "core/record/passed_stream.h"

#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace {

constexpr std::size_t tail_size = 4096;
constexpr std::size_t piece = 65'536;  // a pipe's usual capacity

}  // namespace

pollfd PassedStream::wanted() const {
  if (!pending_.empty()) return {to_, POLLOUT, 0};
  return {from_, POLLIN, 0};
}

void PassedStream::step(short ready) {
  if (ready == 0) return;
  if (pending_.empty())
    read_some();
  else if ((ready & POLLOUT) != 0)
    write_some();
  else
    give_up_writing();
}

std::size_t PassedStream::read_some() {
  const std::size_t kept = pending_.size();
  pending_.resize(kept + piece);
  const ssize_t result = read(from_, pending_.data() + kept, piece);
  const auto count = static_cast<std::size_t>(std::max<ssize_t>(result, 0));
  pending_.resize(kept + count);
  if (result == 0 || (result < 0 && errno != EAGAIN && errno != EINTR)) from_ = -1;
  tail_.append(pending_, kept);
  if (tail_.size() > tail_size) tail_.erase(0, tail_.size() - tail_size);
  if (to_ < 0) pending_.clear();
  return count;
}

// pipe(7): what is not larger than PIPE_BUF does not wait where poll(2) says that there is room.
void PassedStream::write_some() {
  const ssize_t count = write(to_, pending_.data(), std::min<std::size_t>(pending_.size(), PIPE_BUF));
  if (count > 0)
    pending_.erase(0, static_cast<std::size_t>(count));
  else if (errno != EAGAIN && errno != EINTR)
    give_up_writing();
}

// Nobody reads it, or it is closed: that does not hold the hook up.
void PassedStream::give_up_writing() {
  pending_.clear();
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

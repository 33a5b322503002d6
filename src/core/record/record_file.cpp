// SPDX-License-Identifier: Apache-2.0
#include "core/record/record_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdio>
#include <ctime>

#include "core/error.h"
#include "core/host/fd.h"
#include "core/host/file.h"
#include "core/host/log.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/trust.h"
#include "core/text/split.h"

namespace {

constexpr mode_t directory_mode = 0700;  // the file quotes what hooks print
constexpr int max_attempts = 500;
constexpr timespec lock_pause = {0, 1'000'000};

std::string older(const std::string& path) { return path + ".1"; }

// Where nobody else could have made it, or lead it elsewhere.
void make_directory(const std::string& path) {
  try {
    if (!trusted_status(path)) mkdir(path.c_str(), directory_mode);
  } catch (const Error&) {
    return;
  }
}

Fd open_record_file(const std::string& path) {
  if (Fd file = open_own_log(path, O_RDWR | O_NOFOLLOW)) return file;
  make_directory(directory_of(path));
  return open_own_log(path, O_RDWR | O_NOFOLLOW);
}

bool lock(const Fd& file) {
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    if (flock(file.number(), LOCK_EX | LOCK_NB) == 0) return true;
    nanosleep(&lock_pause, nullptr);
  }
  return false;
}

bool is_named(const struct stat& file, const std::string& path) {
  struct stat named;
  return lstat(path.c_str(), &named) == 0 && is_same_file(file, named);
}

bool ends_a_line(const Fd& file, off_t size) {
  char last = '\n';
  return size == 0 || pread(file.number(), &last, 1, size - 1) != 1 || last == '\n';
}

bool write_line(const Fd& file, std::string_view line) {
  const IgnoredSignal file_size_limit(SIGXFSZ);
  return write(file.number(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

void append(const Fd& file, off_t size, std::string_view line) {
  const bool whole = write_line(file, ends_a_line(file, size) ? std::string(line) : '\n' + std::string(line));
  if (!whole && ftruncate(file.number(), size) != 0) return;  // the next line ends this one
}

// One attempt; false when somebody else rotated the file in between, or this one did.
bool append_once(const std::string& path, std::uint64_t size, std::string_view line) {
  const Fd file = open_record_file(path);
  struct stat status;
  if (!file || fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return true;
  if (!lock(file)) return write_line(file, line) || true;
  if (fstat(file.number(), &status) != 0 || !is_named(status, path)) return false;
  const bool is_full =
      size > 0 && status.st_size > 0 && static_cast<std::uint64_t>(status.st_size) + line.size() > size;
  if (is_full && rename(path.c_str(), older(path).c_str()) == 0) return false;
  append(file, status.st_size, line);
  return true;
}

}  // namespace

void append_record(const std::string& path, std::uint64_t size, std::string_view line) {
  for (int attempt = 0; attempt < max_attempts; ++attempt)
    if (append_once(path, size, line)) return;
}

std::vector<std::string> record_lines(const std::string& path) {
  for (int attempt = 0;; ++attempt) {
    const File now = read_file(path);
    const File before = read_file(older(path));
    const bool rotated = now.status && !is_named(*now.status, path);
    if (rotated && attempt < max_attempts) continue;
    std::vector<std::string> lines;
    for (const File* file : {&before, &now})
      for (const std::string_view line : split(file->content, '\n')) lines.emplace_back(line);
    return lines;
  }
}

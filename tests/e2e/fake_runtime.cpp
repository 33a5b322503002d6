// A low-level runtime for tests: records what it was given and exits.
//
// Writes into the directory `record` beside itself: copies of /proc/self/{cmdline,environ,status,stat,limits},
// `descriptors` (a line "NUMBER TARGET" each), `cwd` and `exe`. Then prints the files `stdout` and `stderr` that lie
// beside it, where there are such files, and exits with the number in `exit-code`, or 0. What the shim does to
// the process is whole in these files: it execs, so nothing of it runs afterwards.
//
// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace {

constexpr int cannot_record = 99;

char home[PATH_MAX];  // where this program lies

struct Path {
  char text[2 * PATH_MAX];
};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  _exit(cannot_record);
}

Path beside_us(const char* name) {
  Path path;
  std::snprintf(path.text, sizeof path.text, "%s/%s", home, name);
  return path;
}

int create(const char* name) {
  const Path path = beside_us(name);
  const int fd = open(path.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) give_up(path.text);
  return fd;
}

void write_all(int fd, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, bytes, size);
    if (written < 0) give_up("write");
    bytes += written;
    size -= static_cast<size_t>(written);
  }
}

void copy(int from, int to) {
  static char buffer[1 << 16];
  for (ssize_t size = 0; (size = read(from, buffer, sizeof buffer)) > 0;)
    write_all(to, buffer, static_cast<size_t>(size));
}

void record_proc(const char* name) {
  Path from;
  Path to;
  std::snprintf(from.text, sizeof from.text, "/proc/self/%s", name);
  std::snprintf(to.text, sizeof to.text, "record/%s", name);
  const int in = open(from.text, O_RDONLY | O_CLOEXEC);
  const int out = create(to.text);
  copy(in, out);
  close(in);
  close(out);
}

void record_link(const char* name) {
  char target[PATH_MAX];
  Path from;
  Path to;
  std::snprintf(from.text, sizeof from.text, "/proc/self/%s", name);
  std::snprintf(to.text, sizeof to.text, "record/%s", name);
  const ssize_t size = readlink(from.text, target, sizeof target);
  const int out = create(to.text);
  if (size > 0) write_all(out, target, static_cast<size_t>(size));
  close(out);
}

// Gathered before it is written: the list must not have our own file in it.
void record_descriptors() {
  static char list[1 << 16];
  size_t size = 0;
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) give_up("/proc/self/fd");
  for (const dirent* entry = nullptr; (entry = readdir(directory)) != nullptr;) {
    char target[PATH_MAX] = "";
    if (entry->d_name[0] == '.' || std::atoi(entry->d_name) == dirfd(directory)) continue;
    if (readlinkat(dirfd(directory), entry->d_name, target, sizeof target - 1) < 0) continue;
    size += static_cast<size_t>(std::snprintf(list + size, sizeof list - size, "%s %s\n", entry->d_name, target));
  }
  closedir(directory);
  const int out = create("record/descriptors");
  write_all(out, list, size);
  close(out);
}

void print_file(const char* name, int to) {
  const int from = open(beside_us(name).text, O_RDONLY | O_CLOEXEC);
  if (from < 0) return;
  copy(from, to);
  close(from);
}

int exit_code() {
  char text[16] = "";
  const int from = open(beside_us("exit-code").text, O_RDONLY | O_CLOEXEC);
  if (from < 0) return 0;
  const ssize_t size = read(from, text, sizeof text - 1);
  return size > 0 ? std::atoi(text) : 0;
}

void find_home() {
  const ssize_t size = readlink("/proc/self/exe", home, sizeof home - 1);
  if (size < 0) give_up("/proc/self/exe");
  *std::strrchr(home, '/') = '\0';
}

}  // namespace

int main() {
  find_home();
  mkdir(beside_us("record").text, 0755);
  record_descriptors();
  for (const char* name : {"cmdline", "environ", "status", "stat", "limits"}) record_proc(name);
  for (const char* name : {"cwd", "exe"}) record_link(name);
  print_file("stdout", STDOUT_FILENO);
  print_file("stderr", STDERR_FILENO);
  return exit_code();
}

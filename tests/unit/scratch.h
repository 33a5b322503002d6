// What tests of files need: a directory of their own, whole files, and the data of tests/data.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "catch.h"
#include "core/error.h"

/// A directory that only its owner can enter; it goes with its owner.
class Scratch {
 public:
  Scratch() {
    char name[] = "/tmp/unit-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    path_ = name;
  }
  ~Scratch() { remove(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }
  std::string path(std::string_view name) const { return path_ + '/' + std::string(name); }

  /// Writes a file and returns its path.
  std::string file(std::string_view name, std::string_view content, mode_t mode = 0644) const {
    const std::string result = path(name);
    std::FILE* out = std::fopen(result.c_str(), "w");
    REQUIRE(out != nullptr);
    const std::size_t written = std::fwrite(content.data(), 1, content.size(), out);
    std::fclose(out);
    REQUIRE(written == content.size());
    REQUIRE(chmod(result.c_str(), mode) == 0);
    return result;
  }

 private:
  static void remove(const std::string& path);
  std::string path_;
};

inline std::set<std::string> names_in(const std::string& directory) {
  std::set<std::string> result;
  DIR* stream = opendir(directory.c_str());
  if (stream == nullptr) return result;
  while (const dirent* entry = readdir(stream)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") result.insert(name);
  }
  closedir(stream);
  return result;
}

inline void Scratch::remove(const std::string& path) {
  for (const std::string& name : names_in(path))
    if (unlink((path + '/' + name).c_str()) != 0) remove(path + '/' + name);
  rmdir(path.c_str());
}

inline std::string content_of(const std::string& path) {
  std::FILE* in = std::fopen(path.c_str(), "r");
  REQUIRE(in != nullptr);
  std::string result;
  char part[4096];
  while (const std::size_t count = std::fread(part, 1, sizeof part, in)) result.append(part, count);
  std::fclose(in);
  return result;
}

inline struct stat status_of_path(const std::string& path) {
  struct stat status {};
  REQUIRE(lstat(path.c_str(), &status) == 0);
  return status;
}

/// The message of the Error that the body throws; "no error" when it throws none.
template <class Body>
std::string message_of(Body&& body) {
  try {
    body();
    return "no error";
  } catch (const Error& error) {
    return error.text;
  }
}

inline std::string test_data(std::string_view name) { return TEST_DATA "/" + std::string(name); }

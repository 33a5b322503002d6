// SPDX-License-Identifier: Apache-2.0
#include "core/oci/low_level_runtime.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "core/error.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/trust.h"
#include "core/text/json.h"
#include "core/text/split.h"

namespace {

constexpr std::string_view usual_directories = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

enum class Fitness { fit, missing, directory, not_executable, itself };

std::string_view reason(Fitness fitness) {
  switch (fitness) {
    case Fitness::fit: return "";
    case Fitness::missing: return "it does not exist";
    case Fitness::directory: return "it is not a regular file";
    case Fitness::not_executable: return "it is not executable";
    case Fitness::itself: return "it is this shim itself";
  }
  return "";
}

Fitness fitness_of(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return Fitness::missing;
  if (!S_ISREG(status.st_mode)) return Fitness::directory;
  if (is_this_binary(status)) return Fitness::itself;
  return access(path.c_str(), X_OK) == 0 ? Fitness::fit : Fitness::not_executable;
}

class Lookup {
 public:
  bool take(const std::string& candidate);
  RuntimeLookup result;

 private:
  bool take_path(const std::string& candidate, const std::string& path);
  bool take_from(const std::string& name, std::string_view directories);
  void reject(std::string_view candidate, std::string_view why) {
    std::string rejected = fmt::format("{}: {}", candidate, why);
    if (std::ranges::find(result.rejected, rejected) == result.rejected.end())
      result.rejected.push_back(std::move(rejected));
  }
};

bool Lookup::take_path(const std::string& candidate, const std::string& path) {
  const Fitness found = fitness_of(path);
  if (found == Fitness::fit)
    result.path = path;
  else
    reject(candidate, candidate == path ? std::string(reason(found)) : fmt::format("{}: {}", path, reason(found)));
  return found == Fitness::fit;
}

// A name in each directory of a list; relative ones are passed over.
bool Lookup::take_from(const std::string& name, std::string_view directories) {
  while (!directories.empty()) {
    const std::string_view directory = take_item(directories, ':');
    const std::string path = fmt::format("{}/{}", directory, name);
    if (!directory.starts_with('/') || access(path.c_str(), F_OK) != 0) continue;
    if (take_path(name, path)) return true;
  }
  return false;
}

bool Lookup::take(const std::string& candidate) {
  if (candidate.starts_with('/')) return take_path(candidate, candidate);
  if (!is_name_or_absolute(candidate)) {
    reject(json_quoted(candidate), "neither a name nor an absolute path");
    return false;
  }
  const std::size_t rejected_before = result.rejected.size();
  const char* path = environment("PATH");
  if (path != nullptr && take_from(candidate, path)) return true;
  if (take_from(candidate, usual_directories)) return true;
  if (result.rejected.size() == rejected_before)
    reject(candidate, "it is neither in PATH nor in the usual directories");
  return false;
}

}  // namespace

RuntimeLookup find_low_level_runtime(const std::vector<std::string>& candidates) {
  Lookup lookup;
  for (const std::string& candidate : candidates)
    if (lookup.take(candidate)) break;
  return std::move(lookup.result);
}

void require_trust(const RuntimeLookup& runtime) {
  if (runtime.path.empty()) return;
  if (const auto refusal = program_refusal(runtime.path)) throw error("run the low-level runtime: {}", *refusal);
}

void exec_low_level_runtime(const std::string& path, char** argv) {
  std::string program = path;
  argv[0] = program.data();
  execv(path.c_str(), argv);
  throw system_error("execute {}", path);
}

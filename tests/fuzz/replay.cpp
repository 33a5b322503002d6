// Runs a fuzz target over files and directories of inputs, where there is no fuzzer: an ordinary test.
//
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <vector>

#include "core/host/file.h"
#include "oracle.h"

namespace {

void replay(const std::string& path) {
  const std::string input = read_if_exists(path).value();
  fmt::print(stderr, "{}\n", path);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (const std::string& directory : std::vector<std::string>(argv + 1, argv + argc))
    for (const auto& entry : std::filesystem::directory_iterator(directory)) replay(entry.path()), ++count;
  fmt::print("{} inputs\n", count);
  return count > 0 ? 0 : 1;
}

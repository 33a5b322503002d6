// Writes the manuals and the completions when the toolkit is built. It is a program of its own, so that nothing of it is in
// the shipped binary.
//
//   manual TEMPLATE OUTPUT             the template, with tables in the place of its lines "@NAME@"
//   manual --commands PROSE DIRECTORY  a page for each command of container-hooks-ctk, with PROSE/WORDS.mdoc in it where
//                                      there is one; DIRECTORY is made anew
//
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include "core/cli/commands.h"
#include "core/error.h"
#include "core/host/file.h"
#include "core/host/output.h"
#include "core/toolkit/names.h"
#include "manual/mdoc.h"
#include "manual/tables.h"

namespace {

constexpr CommandSet commands = {ctk_role, TOOLKIT_VERSION, ctk_summary, command_groups};

std::string read(const std::string& path) {
  const std::optional<std::string> text = read_if_exists(path);
  if (!text) throw error("there is no {}", path);
  return *text;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  if (!(file << text << std::flush)) throw error("write {}", path);
}

std::string prose_of(const std::string& directory, const Command& command) {
  const std::string path = fmt::format("{}/{}.mdoc", directory, page_name({}, command).substr(1));
  return read_if_exists(path).value_or("");
}

void write_commands(const std::string& prose, const std::string& directory) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  for (const Command& command : commands_of(commands))
    write(fmt::format("{}/{}.8", directory, page_name(commands, command)),
          mdoc_page(commands, command, filled(prose_of(prose, command), commands)));
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 3 && arguments[0] == "--commands") return write_commands(arguments[1], arguments[2]), 0;
  if (arguments.size() != 2) throw error("usage: manual TEMPLATE OUTPUT | manual --commands PROSE DIRECTORY");
  write(arguments[1], filled(read(arguments[0]), commands));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    print_error(fmt::format("manual: {}\n", message_of(error)));
    return 1;
  }
}

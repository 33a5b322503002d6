// Arguments that know the container: {{id}}, {{annotation:KEY}} … in a hook's args and env.
//
// What is not known expands to nothing; a name that is not in the table stays as
// it is. A value is never expanded again and never more than a part of its one
// argument, whoever wrote it: bytes that are not UTF-8, and NUL, become U+FFFD.
// All of it is linear in the template and the values.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hooks/container_origin.h"
#include "core/oci/command_line.h"
#include "core/oci/hook.h"
#include "core/oci/recorded_hook.h"
#include "core/oci/spec.h"

/// The values for one container; what costs to find out is found out when it is first asked for.
class Variables {
 public:
  /// spec and call must outlive it; runtime is the path of the low-level runtime.
  Variables(const Spec& spec, const CommandLine& call, std::string runtime);

  std::string expand(std::string_view text) const;
  /// args and env expanded; path and timeout are what they were.
  Hook expand(Hook hook) const;

  /// What the runs of its hooks are recorded with, but for what is the hook's own.
  RunLabels labels() const;

  /// Whether the container is a sandbox, as is_sandbox() has it.
  bool of_sandbox() const { return is_sandbox(spec_, call_); }

  /// Who made the container, found out when it is first asked for.
  const ContainerOrigin& origin() const;

  struct Known {
    std::string name;
    std::string value;   // empty: not known
    std::string source;  // "the command line"
  };
  /// The values of those that have no key, and where each comes from.
  std::vector<Known> known() const;
  /// Those with all keys that this container has, too.
  std::vector<Known> all() const;

  /// All that there are: "annotation:KEY" and what it stands for.
  static std::vector<std::pair<std::string, std::string_view>> help();

  /// What looks like a variable in args and env and is not one, each with what was meant:
  /// `{{imgae}}, did you mean "image"?`.
  static std::vector<std::string> unknown_in(const Hook& hook);

  struct Found {
    std::size_t begin, end;  // of text, braces included
    std::string_view name;
  };
  /// The variables of the table that stand in text, which must outlive them.
  static std::vector<Found> found_in(std::string_view text);

 private:
  struct Row {
    std::string_view name;  // with a colon at its end where a key follows
    std::string_view key;
    std::string (*value)(const Variables& of, std::string_view key);
    std::string_view meaning;
    std::string_view source = {};  // empty: who made the container says so
  };
  static const std::array<Row, 15> rows;

  static const Row* row_of(std::string_view name);
  std::optional<std::string> value_of(std::string_view name) const;

  const std::string& bundle() const;
  std::string rootfs() const;
  std::string pid_file() const;
  std::string annotation(std::string_view key) const;
  std::string env(std::string_view name) const;

  const Spec& spec_;
  const CommandLine& call_;
  std::string runtime_;
  mutable std::optional<std::string> bundle_;
  mutable std::optional<ContainerOrigin> origin_;
};

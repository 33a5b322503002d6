// An OCI spec (config.json) as text: what the shim needs to know of it, and the splice.
//
// Invariants: every byte outside the inserted hooks stays as it is; hooks are
// appended, never moved. Refused: a spec in which `hooks` or a stage stands twice,
// also in another case, since runc would take it for the same key, or has the
// wrong type.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/oci/hook.h"
#include "core/text/edit.h"
#include "core/text/json_text.h"

class Spec {
 public:
  /// Throws Error "FILE:LINE:COLUMN: why" for what is refused.
  Spec(std::string path, std::string content);

  /// Whether a hook of any stage says that the operator's hooks are already in here.
  bool has_marker() const;

  struct Annotation {
    std::string key;
    std::string value;
  };
  struct Process {
    bool exists = false;
    std::optional<std::string> command;  // args[0]
    std::vector<std::string> env;        // "NAME=VALUE"
  };
  struct BindMount {
    std::string destination;
    std::string source;
  };

  /// What hooks are chosen by, read when it is first asked for. Values that no runtime would take are left out.
  const std::vector<Annotation>& annotations() const;
  const Process* process() const;  // nullptr: the spec has none
  const std::vector<BindMount>& bind_mounts() const;

  /// The annotation of that key, or nothing.
  const std::string* annotation(std::string_view key) const;

  /// The annotations whose keys are wanted, in one pass that keeps nothing of the others.
  std::vector<Annotation> annotations_if(const std::function<bool(std::string_view)>& wanted) const;

  /// Empty when the spec does not say.
  std::string hostname() const;
  std::string root_path() const;

  /// The hooks that it has. What is not as the specification has it is left out; the low-level runtime judges it.
  HooksByStage hooks() const;

  /// The edits that append the hooks to their stages; none for no hooks.
  std::vector<Edit> edits_adding(const HooksByStage& hooks) const;

  const std::string& content() const { return text_.content(); }
  const std::string& path() const { return text_.name(); }

 private:
  const std::optional<JsonText::Member>& stage(Stage stage) const { return stages_[static_cast<std::size_t>(stage)]; }
  void find_stages();
  std::optional<JsonText::Value> value(const JsonText::Value& object, std::string_view name, JsonText::Kind kind) const;
  std::string string_at(const JsonText::Value& object, std::string_view name) const;
  std::vector<std::string> strings(const JsonText::Value& array) const;
  Process read_process() const;
  std::vector<BindMount> read_bind_mounts() const;
  std::vector<Hook> hooks_of(Stage name) const;
  Hook hook(const JsonText::Value& entry) const;
  Edit edit_adding(const std::vector<JsonPair>& stages) const;

  JsonText text_;
  std::optional<JsonText::Member> hooks_;
  std::array<std::optional<JsonText::Member>, stage_names.size()> stages_;
  mutable std::optional<std::vector<Annotation>> annotations_;
  mutable std::optional<Process> process_;
  mutable std::optional<std::vector<BindMount>> bind_mounts_;
};

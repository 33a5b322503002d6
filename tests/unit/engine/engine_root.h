// What tests of engines share: a root of their own, in which no engine's program is asked, and requests for it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "core/engine/plan.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/text/split.h"
#include "scratch.h"

constexpr const char* daemon_json = "/etc/docker/daemon.json";
constexpr const char* config_toml = "/etc/containerd/config.toml";

struct EngineRoot {
  void write(const std::string& file, const std::string& content) const {
    create_directories(directory_of(path() + file));
    replace_file(read_file(path() + file), {content}, Durability::rename_only);
  }
  std::optional<std::string> read(const std::string& file) const { return read_if_exists(path() + file); }
  /// The undo records are lost.
  void forget() const {
    for (const std::string& name : names_in(path() + "/var/lib/container-hooks"))
      remove_if_exists(path() + "/var/lib/container-hooks/" + name);
  }
  const std::string& path() const { return scratch.path(); }

  Scratch scratch;
};

inline EngineRequest request(const EngineRoot& root, const Engine& engine, bool as_default = false) {
  EngineRequest result;
  result.engine = &engine;
  result.root = root.path();
  result.wanted.as_default = as_default;
  result.force = true;
  return result;
}

inline EnginePlan configure_engine(const EngineRequest& request) {
  EnginePlan plan = plan_configure(request);
  apply(plan);
  return plan;
}

inline EnginePlan unconfigure_engine(const EngineRequest& request) {
  EnginePlan plan = plan_unconfigure(request);
  apply(plan);
  return plan;
}

/// The file that configure edits when nobody names one.
inline std::string own_file(const Engine& engine) {
  return std::string(engine.distribution.directory) +
         std::string(engine.files.drop_in.empty() ? engine.files.main : engine.files.drop_in);
}

/// What a distribution's service writes when it starts; nothing of other engines.
inline void start_once(const EngineRoot& root, const Engine& engine) {
  const std::string directory(engine.distribution.directory);
  if (directory.empty()) return;
  root.write(directory + std::string(engine.files.main),
             "version = 3\nimports = [\"" + directory + std::string(engine.files.drop_in_directory) + "/*.toml\"]\n");
}

/// How many files the plan changes.
inline std::ptrdiff_t files(const EnginePlan& plan) {
  return std::ranges::count_if(
      plan.changes, [](const Change& change) { return change.kind == Change::Kind::file && change.is_needed(); });
}

/// The content of the file once it is configured.
inline std::string configured(const Engine& engine, const std::string& file, const std::string& content,
                              bool as_default = true) {
  const EngineRoot root;
  root.write(file, content);
  configure_engine(request(root, engine, as_default));
  return *root.read(file);
}

/// The error of a configure that leaves the file as it was.
inline std::string refusal(const Engine& engine, const std::string& file, const std::string& content) {
  const EngineRoot root;
  root.write(file, content);
  try {
    configure_engine(request(root, engine, true));
    return "accepted";
  } catch (const Error& error) {
    CHECK(root.read(file) == content);
    return error.text;
  }
}

inline std::string joined(const Notes& notes) { return join(notes, "\n"); }

/// A file of tests/data/engine-configs.
inline std::string corpus(const std::string& name) { return content_of(test_data("engine-configs/" + name)); }

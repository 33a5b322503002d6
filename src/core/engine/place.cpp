// SPDX-License-Identifier: Apache-2.0
#include "core/engine/place.h"

#include <unistd.h>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/root.h"

FileOwner file_owner() { return geteuid() == 0 ? FileOwner::system : FileOwner::user; }

EnginePaths engine_paths(const Engine& engine, const std::string& root, FileOwner owner) {
  const bool rootless = root.empty() && owner == FileOwner::user && !engine.rootless.main.empty();
  const Distribution& distribution = engine.distribution;
  const EngineFiles& files = rootless            ? engine.rootless
                             : distribution.find ? distribution.find(engine, root)
                                                 : engine.files;
  const std::string base =
      rootless ? require_user_directory(UserFiles::config) + '/' : std::string(distribution.directory);
  const auto path = [&](std::string_view file) { return file.empty() ? "" : fmt::format("{}{}", base, file); };
  return {path(files.main), path(files.drop_in_directory), path(files.drop_in), files.drop_in_suffix};
}

std::vector<std::string> drop_ins(const EnginePaths& paths, const std::string& root) {
  std::vector<std::string> result;
  if (paths.drop_in_directory.empty()) return result;
  for (const std::string& name : file_names_in({root, paths.drop_in_directory}))
    if (name.ends_with(paths.drop_in_suffix)) result.push_back(fmt::format("{}/{}", paths.drop_in_directory, name));
  return result;
}

std::string canonical_in_root(const std::string& root, const std::string& path) {
  return root.empty() ? canonical_path(path) : in_root(root, path).substr(root.size());
}

Place::Place(const Engine& engine_, const std::string& root_, const std::string& config_file,
             const std::string& drop_in)
    : engine(engine_), root(root_), paths(engine_paths(engine, root)), is_named(!config_file.empty()) {
  if (!drop_in.empty() && paths.drop_in_directory.empty() && !engine.import)
    throw UsageError(fmt::format("--drop-in-config: {} reads no drop-in files", engine.name));
  main = is_named ? config_file : paths.main;
  if (engine.distribution.find && is_named && drop_in.empty() && !config_file.ends_with(".tmpl"))
    throw UsageError(
        fmt::format("--config-file {}: {} writes that anew whenever it starts: name its template, or "
                    "--drop-in-config",
                    config_file, engine.name));
  target = !drop_in.empty() ? drop_in : is_named || paths.drop_in.empty() ? main : paths.drop_in;
}

std::vector<std::unique_ptr<Document>> Place::others() const {
  std::vector<std::string> files;
  if (is_drop_in()) files.push_back(main);
  if (is_drop_in() && !is_named)
    for (std::string& path : drop_ins(paths, root)) files.push_back(std::move(path));
  std::vector<std::unique_ptr<Document>> result;
  for (const std::string& path : files) {
    if (path == target) continue;
    if (const auto content = read_if_exists({root, path})) result.push_back(engine.read(root + path, *content));
  }
  return result;
}

Notes Place::notes() const {
  if (!is_drop_in() || engine.import || paths.has_template()) return {};
  if (is_named && engine.distribution.find) return {};  // another data directory, and what it imports is named, too
  const std::string directory = canonical_in_root(root, directory_of(target));
  if (directory == canonical_in_root(root, paths.drop_in_directory)) return {};
  return {fmt::format("{} is not in {}: {} does not read it", target, paths.drop_in_directory, engine.name)};
}

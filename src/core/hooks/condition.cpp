// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/condition.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/hooks/variables.h"
#include "core/text/json.h"
#include "core/text/split.h"
#include "core/text/utf8.h"

namespace {

using Needs = Condition::Needs;

// Bind mounts that engines make by themselves; everybody's containers have some of them.
constexpr std::array<std::string_view, 11> engine_mounts = {
    "/etc/resolv.conf", "/etc/hostname",        "/etc/hosts",         "/etc/mtab",
    "/dev/shm",         "/dev/termination-log", "/run/.containerenv", "/run/secrets",
    "/dev/init",        "/run/podman-init",     "/sbin/docker-init",  // --init
};
constexpr std::array<std::string_view, 2> engine_directories = {"/proc", "/sys"};

bool is_in(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

bool is_engine_mount(std::string_view destination) {
  while (destination.size() > 1 && destination.ends_with('/')) destination.remove_suffix(1);
  return std::ranges::find(engine_mounts, destination) != engine_mounts.end() ||
         std::ranges::any_of(engine_directories,
                             [&](std::string_view directory) { return is_in(destination, directory); });
}

// A value for an explanation; hostile ones can be megabytes long.
std::string shown(std::string_view value) {
  constexpr std::size_t longest = 80;
  if (value.size() <= longest) return json_quoted(value);
  return fmt::format("{}… ({} bytes)", json_quoted(valid_utf8(value.substr(0, longest))), value.size());
}

std::string shown(const PairPattern& pattern) {
  return fmt::format("{} = {}", shown(pattern.key.text()), shown(pattern.value.text()));
}

std::string shown(const std::vector<Pattern>& patterns) {
  std::vector<std::string> texts;
  for (const Pattern& pattern : patterns) texts.push_back(shown(pattern.text()));
  return join(texts, ", ");
}

Decision always_holds(bool always) { return {always, always ? "always is true" : "always is false"}; }

Decision bind_mounts_hold(bool wanted, const Spec& spec) {
  if (!wanted) return {false, "hasBindMounts is false, which holds for no container"};
  const auto& mounts = spec.bind_mounts();
  const auto own = std::ranges::find_if_not(mounts, is_engine_mount, &Spec::BindMount::destination);
  if (own == mounts.end()) return {false, "it has no bind mounts but those of the engine"};
  return {true, fmt::format("it has a bind mount, {}", shown(own->destination))};
}

// What an annotation or a label is called in explanations.
Decision pair_matches(const PairPattern& wanted, std::string_view what, const std::vector<Spec::Annotation>& pairs) {
  const Spec::Annotation* near = nullptr;
  for (const Spec::Annotation& pair : pairs) {
    if (!wanted.key.matches(pair.key)) continue;
    if (wanted.value.matches(pair.value))
      return {true, fmt::format("{} {} = {} matches {}", what, shown(pair.key), shown(pair.value), shown(wanted))};
    near = &pair;
  }
  if (near == nullptr) return {false, fmt::format("no {}'s key matches {}", what, shown(wanted.key.text()))};
  return {false, fmt::format("{} {} = {} does not match {}", what, shown(near->key), shown(near->value),
                             shown(wanted.value.text()))};
}

// Whether one of them matches; what says what the value is.
Decision one_matches(const std::vector<Pattern>& patterns, std::string_view what, const std::string& value) {
  const auto found = std::ranges::find_if(patterns, [&](const Pattern& each) { return each.matches(value); });
  if (found == patterns.end())
    return {false, fmt::format("{} {} matches none of {}", what, shown(value), shown(patterns))};
  return {true, fmt::format("{} {} matches {}", what, shown(value), shown(found->text()))};
}

Decision known_and_matches(const std::vector<Pattern>& patterns, std::string_view what, const std::string& value) {
  return value.empty() ? Decision{false, fmt::format("its {} is not known", what)} : one_matches(patterns, what, value);
}

Decision command_holds(const std::vector<Pattern>& patterns, const Spec::Process& process) {
  if (!process.command) throw error("process.args must have at least one entry to be matched with commands");
  return one_matches(patterns, "command", *process.command);
}

// Takes one condition's decision after the other, until the hook's is known.
class Reasoning {
 public:
  explicit Reasoning(Needs needs) : needs_(needs) {}

  /// Whether that settles it.
  bool settled_by(Decision part) {
    reasons_.push_back(std::move(part.why));
    holds_ = holds_ || part.applies;
    const bool settled = part.applies == (needs_ == Needs::any);
    if (settled) result_ = {part.applies, reasons_.back()};
    return settled;
  }

  Decision result() const {
    if (result_) return *result_;
    if (reasons_.empty()) return {false, "no condition is given"};
    return {holds_, join(reasons_, "; ")};
  }

 private:
  Needs needs_;
  bool holds_ = false;
  std::vector<std::string> reasons_;
  std::optional<Decision> result_;
};

// Those of oci-hooks(5), in podman's order.
bool settled_by_spec(Reasoning& reasoning, const Condition& condition, const Spec& spec) {
  if (condition.always && reasoning.settled_by(always_holds(*condition.always))) return true;
  if (condition.has_bind_mounts && reasoning.settled_by(bind_mounts_hold(*condition.has_bind_mounts, spec)))
    return true;
  for (const PairPattern& wanted : condition.annotations)
    if (reasoning.settled_by(pair_matches(wanted, "annotation", spec.annotations()))) return true;
  return !condition.commands.empty() && spec.process() &&
         reasoning.settled_by(command_holds(condition.commands, *spec.process()));
}

bool settled_by_engine(Reasoning& reasoning, const Condition& condition, const Variables& variables) {
  if (!condition.images.empty() &&
      reasoning.settled_by(known_and_matches(condition.images, "image", variables.origin().image())))
    return true;
  for (const PairPattern& wanted : condition.labels)
    if (reasoning.settled_by(pair_matches(wanted, "label", variables.origin().labels()))) return true;
  return !condition.namespaces.empty() &&
         reasoning.settled_by(known_and_matches(condition.namespaces, "namespace", variables.origin().space()));
}

}  // namespace

bool is_beyond_oci_hooks(const Condition& condition) {
  return !condition.images.empty() || !condition.labels.empty() || !condition.namespaces.empty();
}

bool is_empty(const Condition& condition) {
  return !condition.always && !condition.has_bind_mounts && condition.annotations.empty() &&
         condition.commands.empty() && !is_beyond_oci_hooks(condition);
}

Condition unconditional() {
  Condition result;
  result.always = true;
  return result;
}

// What comes later is not looked at, and cannot fail, once the decision is known.
Decision decide(const Condition& condition, const Spec& spec, const Variables& variables) {
  Reasoning reasoning(condition.needs);
  if (!settled_by_spec(reasoning, condition, spec)) settled_by_engine(reasoning, condition, variables);
  return reasoning.result();
}

std::string description_of(const Condition& condition) {
  std::vector<std::string> parts;
  if (condition.always) parts.emplace_back(*condition.always ? "always" : "never");
  if (condition.has_bind_mounts) parts.emplace_back(*condition.has_bind_mounts ? "bind mounts" : "never");
  for (const PairPattern& wanted : condition.annotations) parts.push_back("annotation " + shown(wanted));
  if (!condition.commands.empty()) parts.push_back("command " + shown(condition.commands));
  if (!condition.images.empty()) parts.push_back("image " + shown(condition.images));
  for (const PairPattern& wanted : condition.labels) parts.push_back("label " + shown(wanted));
  if (!condition.namespaces.empty()) parts.push_back("namespace " + shown(condition.namespaces));
  if (parts.empty()) return "never";
  return join(parts, condition.needs == Needs::all ? " and " : " or ");
}

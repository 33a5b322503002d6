// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_difference.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

namespace {

// What becomes of a container's children, in their order: one that was there is kept, and maybe edited, or goes; one that is
// new comes in.
struct Step {
  const JsonNode* old = nullptr;     // nullptr: new
  const JsonNode* wanted = nullptr;  // nullptr: it goes
};

class Difference {
 public:
  void compare(const JsonNode& old, const JsonNode& wanted);

  std::vector<Edit> edits;

 private:
  void carry_out(const JsonNode& container, const std::vector<Step>& steps);
  void add(std::size_t begin, std::size_t end, std::string text) { edits.push_back({begin, end, std::move(text)}); }
};

std::vector<Step> steps_of_object(const JsonNode& old, const JsonNode& wanted) {
  std::map<std::string_view, const JsonNode*> left;
  for (const JsonNode& member : wanted.children) left.emplace(member.name, &member);
  std::vector<Step> result;
  for (const JsonNode& member : old.children) {
    const auto found = left.find(member.name);
    result.push_back({&member, found == left.end() ? nullptr : found->second});
    if (found != left.end()) left.erase(found);
  }
  for (const JsonNode& member : wanted.children)
    if (left.contains(member.name)) result.push_back({nullptr, &member});
  return result;
}

// Of the elements of one array, in their order, which of the other is the same: each takes the first that comes after the
// last one taken.
class Matching {
 public:
  explicit Matching(const std::vector<JsonNode>& wanted) {
    for (std::size_t at = 0; at < wanted.size(); ++at) places_[key_of(wanted[at])].insert(at);
  }

  std::optional<std::size_t> take(const JsonNode& element) {
    const auto found = places_.find(key_of(element));
    if (found == places_.end()) return std::nullopt;
    const auto place = found->second.lower_bound(next_);
    if (place == found->second.end()) return std::nullopt;
    next_ = *place + 1;
    return *place;
  }

 private:
  std::map<std::string, std::set<std::size_t>> places_;
  std::size_t next_ = 0;
};

// Between two that are the same, others stand in each other's places as far as there are such.
void add_gap(std::span<const JsonNode> old, std::span<const JsonNode> wanted, std::vector<Step>& steps) {
  for (std::size_t at = 0; at < std::max(old.size(), wanted.size()); ++at)
    steps.push_back({at < old.size() ? &old[at] : nullptr, at < wanted.size() ? &wanted[at] : nullptr});
}

std::vector<Step> steps_of_array(const JsonNode& old, const JsonNode& wanted) {
  const std::span olds(old.children), all(wanted.children);
  Matching matching(wanted.children);
  std::vector<Step> result;
  std::size_t old_done = 0, done = 0;
  for (std::size_t at = 0; at < olds.size(); ++at)
    if (const std::optional<std::size_t> place = matching.take(olds[at])) {
      add_gap(olds.subspan(old_done, at - old_done), all.subspan(done, *place - done), result);
      result.push_back({&olds[at], &all[*place]});
      old_done = at + 1, done = *place + 1;
    }
  add_gap(olds.subspan(old_done), all.subspan(done), result);
  return result;
}

std::string item(const JsonNode& node, JsonKind container) {
  return container == JsonKind::object ? json_quoted(node.name) + ':' + to_json(node) : to_json(node);
}

void Difference::compare(const JsonNode& old, const JsonNode& wanted) {
  if (is_same(old, wanted)) return;
  if (old.kind == wanted.kind && old.is_container())
    carry_out(old, old.kind == JsonKind::object ? steps_of_object(old, wanted) : steps_of_array(old, wanted));
  else
    add(old.value_begin, old.end, to_json(wanted));
}

// A comma goes with a child that goes, the one before it where a child before it stays; a child that comes in brings one.
void Difference::carry_out(const JsonNode& container, const std::vector<Step>& steps) {
  const auto kept = std::ranges::find_if(steps, [](const Step& step) { return step.old && step.wanted; });
  std::string before;
  for (auto step = steps.begin(); step != kept; ++step)
    if (step->wanted) before += (before.empty() ? "" : ",") + item(*step->wanted, container.kind);
  if (kept == steps.end()) return add(container.value_begin + 1, container.end - 1, before);
  const std::size_t first = container.children.front().begin;
  if (first != kept->old->begin || !before.empty()) add(first, kept->old->begin, before.empty() ? "" : before + ',');
  std::size_t end = 0;
  for (auto step = kept; step != steps.end(); ++step) {
    if (step->old && step->wanted) compare(*step->old, *step->wanted);
    if (!step->old) add(end, end, ',' + item(*step->wanted, container.kind));
    if (!step->wanted) add(end, step->old->end, "");
    if (step->old) end = step->old->end;
  }
}

}  // namespace

std::vector<Edit> json_difference(const JsonText& text, const JsonNode& wanted) {
  Difference difference;
  difference.compare(json_tree(text), wanted);
  return std::move(difference.edits);
}

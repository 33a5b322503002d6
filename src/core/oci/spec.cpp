// SPDX-License-Identifier: Apache-2.0
#include "core/oci/spec.h"

#include <algorithm>
#include <charconv>

#include "core/text/json_edit.h"
#include "core/text/letter_case.h"
#include "core/text/split.h"
#include "core/text/utf8.h"

namespace {

using Kind = JsonText::Kind;
using Member = JsonText::Member;
using Value = JsonText::Value;

std::vector<std::string> as_json(const std::vector<Hook>& hooks) {
  std::vector<std::string> result;
  for (const Hook& hook : hooks) result.push_back(to_json(hook));
  return result;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t result = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return result;
}

std::string as_array(const std::vector<std::string>& elements) { return fmt::format("[{}]", join(elements, ",")); }

// The one member of that name. Go's encoding/json matches names in any case, crun's parser does not: two readers, two specs.
std::optional<Member> unambiguous(const JsonText& text, const Value& object, std::string_view name) {
  std::optional<Member> result;
  for (Member& member : text.members(object)) {
    if (!same_but_for_case(member.name, name)) continue;
    if (member.name != name)
      throw text.error_at(member.begin, fmt::format("{} is not {}, but some runtimes would take it for that",
                                                    json_quoted(member.name), json_quoted(name)));
    if (result) throw text.error_at(member.begin, fmt::format("{} is here a second time", json_quoted(name)));
    result = std::move(member);
  }
  return result;
}

// What the marker is recognised by; the low-level runtime judges the rest.
Hook marker_fields(const JsonText& text, const Value& entry) {
  Hook hook;
  for (const Member& member : text.members(entry)) {
    if (member.name == "path" && member.value.kind == Kind::string) hook.path = text.string(member.value);
    if (member.name != "args") continue;
    hook.args.emplace();
    for (const Value& arg : text.elements(member.value))
      if (arg.kind == Kind::string) hook.args->push_back(text.string(arg));
  }
  return hook;
}

}  // namespace

Spec::Spec(std::string path, std::string content) : text_(std::move(path), std::move(content)) {
  if (text_.root().kind != Kind::object)
    throw text_.error_at(text_.root().begin,
                         fmt::format("a spec is an object, not {}", with_article(text_.root().kind)));
  hooks_ = unambiguous(text_, text_.root(), "hooks");
  if (hooks_ && hooks_->value.kind != Kind::null) find_stages();
}

void Spec::find_stages() {
  if (hooks_->value.kind != Kind::object)
    throw text_.error_at(hooks_->value.begin,
                         fmt::format("hooks: an object is expected, not {}", with_article(hooks_->value.kind)));
  for (const Stage stage : spec_stages) {
    auto& member = stages_[static_cast<std::size_t>(stage)] = unambiguous(text_, hooks_->value, stage_name(stage));
    if (member && member->value.kind != Kind::null && member->value.kind != Kind::array)
      throw text_.error_at(member->value.begin, fmt::format("hooks.{}: an array is expected, not {}", stage_name(stage),
                                                            with_article(member->value.kind)));
  }
}

bool Spec::has_marker() const {
  const auto is_one = [&](const Value& entry) { return is_marker(marker_fields(text_, entry)); };
  return std::ranges::any_of(
      stages_, [&](const auto& stage) { return stage && std::ranges::any_of(text_.elements(stage->value), is_one); });
}

HooksByStage Spec::hooks() const {
  HooksByStage result;
  for (const Stage stage : spec_stages) result[stage] = hooks_of(stage);
  return result;
}

std::vector<Hook> Spec::hooks_of(Stage name) const {
  std::vector<Hook> result;
  if (const auto& present = stage(name))
    for (const Value& entry : text_.elements(present->value)) result.push_back(hook(entry));
  return result;
}

Hook Spec::hook(const Value& entry) const {
  Hook result;
  result.path = string_at(entry, "path");
  if (const auto args = value(entry, "args", Kind::array)) result.args = strings(*args);
  if (const auto env = value(entry, "env", Kind::array)) result.env = strings(*env);
  if (const auto timeout = value(entry, "timeout", Kind::number))
    result.timeout = whole_number(text_.spelling(*timeout));
  return result;
}

const std::vector<Spec::Annotation>& Spec::annotations() const {
  if (!annotations_) annotations_ = annotations_if([](std::string_view) { return true; });
  return *annotations_;
}

const Spec::Process* Spec::process() const {
  if (!process_) process_ = read_process();
  return process_->exists ? &*process_ : nullptr;
}

const std::vector<Spec::BindMount>& Spec::bind_mounts() const {
  if (!bind_mounts_) bind_mounts_ = read_bind_mounts();
  return *bind_mounts_;
}

const std::string* Spec::annotation(std::string_view key) const {
  const auto found = std::ranges::find(annotations(), key, &Annotation::key);
  return found == annotations().end() ? nullptr : &found->value;
}

std::vector<Spec::Annotation> Spec::annotations_if(const std::function<bool(std::string_view)>& wanted) const {
  std::vector<Annotation> result;
  const auto annotations = value(text_.root(), "annotations", Kind::object);
  if (!annotations) return result;
  text_.visit_members(*annotations, [&](const Member& member) {
    if (member.value.kind == Kind::string && wanted(member.name))
      result.push_back({valid_utf8(member.name), valid_utf8(text_.string(member.value))});
  });
  return result;
}

std::string Spec::hostname() const { return string_at(text_.root(), "hostname"); }

std::string Spec::root_path() const {
  const auto root = value(text_.root(), "root", Kind::object);
  return root ? string_at(*root, "path") : "";
}

std::optional<Value> Spec::value(const Value& object, std::string_view name, Kind kind) const {
  const std::optional<Member> found = text_.member(object, name);
  if (!found || found->value.kind != kind) return std::nullopt;
  return found->value;
}

std::string Spec::string_at(const Value& object, std::string_view name) const {
  const std::optional<Value> found = value(object, name, Kind::string);
  return found ? valid_utf8(text_.string(*found)) : "";
}

std::vector<std::string> Spec::strings(const Value& array) const {
  std::vector<std::string> result;
  for (const Value& element : text_.elements(array))
    if (element.kind == Kind::string) result.push_back(valid_utf8(text_.string(element)));
  return result;
}

Spec::Process Spec::read_process() const {
  const auto process = value(text_.root(), "process", Kind::object);
  if (!process) return {};
  Process result;
  result.exists = true;
  if (const auto env = value(*process, "env", Kind::array)) result.env = strings(*env);
  const auto args = value(*process, "args", Kind::array);
  const std::vector<std::string> words = args ? strings(*args) : std::vector<std::string>();
  if (!words.empty()) result.command = words.front();
  return result;
}

std::vector<Spec::BindMount> Spec::read_bind_mounts() const {
  std::vector<BindMount> result;
  const auto mounts = value(text_.root(), "mounts", Kind::array);
  for (const Value& mount : mounts ? text_.elements(*mounts) : std::vector<Value>()) {
    const auto options = value(mount, "options", Kind::array);
    std::vector<std::string> words = options ? strings(*options) : std::vector<std::string>();
    words.push_back(string_at(mount, "type"));
    if (std::ranges::any_of(words, [](std::string_view word) { return word == "bind" || word == "rbind"; }))
      result.push_back({string_at(mount, "destination"), string_at(mount, "source")});
  }
  return result;
}

std::vector<Edit> Spec::edits_adding(const HooksByStage& hooks) const {
  std::vector<Edit> edits;
  std::vector<JsonPair> new_stages;
  for (const Stage name : spec_stages) {
    const std::vector<std::string> added = as_json(hooks[name]);
    const auto& present = stage(name);
    if (added.empty()) continue;
    if (!present)
      new_stages.push_back({std::string(stage_name(name)), as_array(added)});
    else if (present->value.kind == Kind::null)
      edits.push_back({present->value.begin, present->value.end, as_array(added)});
    else
      edits.push_back(edit_to_add_elements(text_, present->value, added));
  }
  if (!new_stages.empty()) edits.push_back(edit_adding(new_stages));
  std::ranges::sort(edits, {}, &Edit::begin);
  return edits;
}

Edit Spec::edit_adding(const std::vector<JsonPair>& stages) const {
  if (hooks_ && hooks_->value.kind == Kind::object) return edit_to_add_members(text_, hooks_->value, stages);
  const std::string object = json_object(stages);
  if (hooks_) return {hooks_->value.begin, hooks_->value.end, object};
  return edit_to_add_members(text_, text_.root(), {{"hooks", object}});
}

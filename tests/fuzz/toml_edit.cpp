// Fuzz target: edits of a TOML text.
//
// The first line says what to do, the rest is the text:
//   set KEY.KEY = VALUE      remove KEY.KEY      copy KEY.KEY NAME
//
// Oracle: toml++ sees in the edited text the old document with that one change,
// or the text is untouched and the edit refused; comments outside the changed
// value stay; doing it again changes nothing; and what was added is taken away
// without a trace.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/text/toml_edit.h"

#define toml independent_toml  // core's own has other assertions: the linker must not take one for the other
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 64
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include "core/text/toml_text.h"
#include "oracle.h"

namespace {

constexpr std::string_view file = "f.toml";

struct Task {
  std::string_view verb;
  Key key;
  std::string_view operand;  // the value, or the new name
};

std::string_view take_until(std::string_view& text, std::string_view separator) {
  const std::size_t found = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, found);
  text.remove_prefix(std::min(found + separator.size(), text.size()));
  return part;
}

std::optional<Task> task_of(std::string_view line) {
  Task task;
  task.verb = take_until(line, " ");
  std::string_view key = take_until(line, task.verb == "set" ? " = " : " ");
  while (!key.empty()) task.key.emplace_back(take_until(key, "."));
  task.operand = line;
  return task.key.empty() ? std::nullopt : std::optional(task);
}

const toml::node* find(const toml::table& root, const Key& key) {
  const toml::node* node = &root;
  for (const std::string& part : key) {
    const toml::table* table = node ? node->as_table() : nullptr;
    node = table ? table->get(part) : nullptr;
  }
  return node;
}

// The document without the value at key, and without the tables above it that hold nothing else.
void prune(toml::table& root, Key key) {
  for (bool emptied = true; emptied && !key.empty(); key.pop_back()) {
    const Key above(key.begin(), key.end() - 1);
    const toml::node* table = find(root, above);
    if (!table) continue;
    if (!table->is_table()) return;
    const_cast<toml::table*>(table->as_table())->erase(key.back());
    emptied = table->as_table()->empty();
  }
}

// A document of nothing but that value.
toml::table alone(const toml::node& node) {
  toml::table result;
  node.visit([&](const auto& value) { result.insert("value", value); });
  return result;
}

toml::table parsed(const std::string& text) { return toml::parse(std::string_view(text)); }

Key target_of(const Task& task) {
  Key key = task.key;
  if (task.verb == "copy") key.back() = task.operand;
  return key;
}

// Outside of the place that the task names, both texts say the same; there, they say what was asked for.
void compare(const Task& task, const std::string& before, const std::string& after) {
  toml::table old_document = parsed(before), new_document = parsed(after);
  const Key target = target_of(task);
  const toml::node* found = find(new_document, target);
  if ((found != nullptr) == (task.verb == "remove")) broken("{} {} is done: {}", task.verb, spelled(target), after);
  if (task.verb == "set" && alone(*found) != parsed(fmt::format("value = {}", task.operand)))
    broken("the value is the one asked for: {}", after);
  if (task.verb == "copy" && alone(*found) != alone(*find(old_document, task.key)))
    broken("a copy is equal: {}", after);
  prune(old_document, target);
  prune(new_document, target);
  if (old_document != new_document) broken("nothing else changed: {}", after);
}

void perform(const Task& task, TomlText& text) {
  if (task.verb == "set")
    text.set(task.key, task.operand);
  else if (task.verb == "remove")
    text.remove(task.key);
  else
    text.copy_table(task.key, task.operand);
}

// The topmost part of the key that is not in the document.
Key topmost_new(const TomlText& text, const Key& key) {
  Key result;
  for (const std::string& part : key) {
    result.push_back(part);
    if (!text.value(result)) break;
  }
  return result;
}

std::size_t headers_in(const TomlText& text) {
  const auto statements = toml_layout(text.content()).statements;
  return static_cast<std::size_t>(std::ranges::count(statements, TomlStatement::Kind::header, &TomlStatement::kind));
}

// A table that is emptied again is {}, whatever blanks were in it.
std::string without_blanks_in_braces(std::string text) {
  for (std::size_t at = 0; (at = text.find('{', at)) != text.npos; ++at) {
    const std::size_t end = text.find_first_not_of(" \t", at + 1);
    if (end != text.npos && text[end] == '}') text.erase(at + 1, end - at - 1);
  }
  return text;
}

void take_away_again(const TomlText& before, TomlText after, const Key& target) {
  const Key added = topmost_new(before, target);
  const bool blank = before.content().find_first_not_of(" \t\r\n") == std::string::npos;  // such lines are nobody's
  const bool header_stays = added == target && headers_in(after) > headers_in(before);    // [t] for t.a beside a [t.u]
  if (before.value(added) || blank || header_stays) return;
  after.remove(added);
  if (without_blanks_in_braces(after.content()) != without_blanks_in_braces(before.content()))
    broken("added and removed is as it was: {}", after.content());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input = text_of(data, size);
  std::string_view rest = input;
  const std::optional<Task> task = task_of(take_until(rest, "\n"));
  if (!task || (task->verb != "set" && task->verb != "remove" && task->verb != "copy")) return 0;
  std::optional<TomlText> text;
  try {
    text.emplace(std::string(file), std::string(rest));
  } catch (const Error& error) {
    return expect_place(error, file), 0;
  }
  const auto source = text->value(task->key);
  if (task->verb == "copy" &&
      (!source || source->kind != TomlValue::Kind::table || task->operand.empty() || text->value(target_of(*task))))
    return 0;
  const TomlText before = *text;
  try {
    perform(*task, *text);
  } catch (const Error&) {
    if (text->content() != before.content()) broken("what is refused changes nothing");
    return 0;
  }
  if (text->content() == before.content()) return 0;
  compare(*task, before.content(), text->content());
  if (task->verb != "remove") take_away_again(before, *text, target_of(*task));
  return 0;
}

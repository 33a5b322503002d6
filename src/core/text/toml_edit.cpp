// SPDX-License-Identifier: Apache-2.0
#include "core/text/toml_edit.h"

#include <fmt/core.h>

#include <algorithm>

namespace {

using Kind = TomlStatement::Kind;
using Statement = TomlStatement;

constexpr std::string_view bare_key_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\n") == line.npos; }
bool is_comment(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first != line.npos && line[first] == '#';
}
bool is_header(const Statement& statement) {
  return statement.kind == Kind::header || statement.kind == Kind::array_header;
}
std::size_t parent_size(const Statement& statement) { return statement.key.size() - statement.own; }

std::string quoted(std::string_view text, char quote) {
  const bool literal =
      quote == '\'' && std::ranges::none_of(text, [](unsigned char c) { return c == '\'' || c < ' '; });
  if (literal) return fmt::format("'{}'", text);
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      result += {'\\', c};
    else if (code < 0x20 || code == 0x7F)
      result += fmt::format("\\u{:04X}", code);
    else
      result += c;
  }
  return result + '"';
}

std::string spelled_part(std::string_view part, char quote) {
  const bool bare = !part.empty() && part.find_first_not_of(bare_key_characters) == part.npos;
  return bare ? std::string(part) : quoted(part, quote);
}

std::string spelled_key(const Key& key, std::size_t from, char quote) {
  std::string result;
  for (std::size_t i = from; i < key.size(); ++i) result += (i > from ? "." : "") + spelled_part(key[i], quote);
  return result;
}

class Editor {
 public:
  explicit Editor(std::string_view text)
      : text_(text),
        start_(byte_order_mark(text)),
        newline_(text.find("\r\n") < text.find('\n') ? "\r\n" : "\n"),
        statements_(toml_layout(text).statements) {}

  std::vector<Edit> set(const Key& key, std::string_view value) const;
  std::vector<Edit> remove(const Key& key) const;
  std::vector<Edit> copy(const Key& table, std::string_view name) const;

 private:
  // Looking around.
  template <class Condition>
  const Statement* last(Condition condition) const {
    const auto found = std::find_if(statements_.rbegin(), statements_.rend(), condition);
    return found == statements_.rend() ? nullptr : &*found;
  }
  const Statement* pair_of(const Key& key) const {
    return last([&](const Statement& s) { return !is_header(s) && !s.in_array && s.key == key; });
  }
  const Statement* header_of(const Key& key) const {
    return last([&](const Statement& s) { return s.kind == Kind::header && !s.in_array && s.key == key; });
  }
  const Statement* last_header_within(const Key& key) const {
    return last([&](const Statement& s) { return is_header(s) && is_within(s.key, key); });
  }
  // The last pair that makes this table by dots in its key.
  const Statement* last_dotted_within(const Key& table) const {
    return last([&](const Statement& s) {
      return !is_header(s) && !s.in_array && is_within(s.key, table) && parent_size(s) < table.size() &&
             s.key.size() > table.size();
    });
  }
  std::string_view piece(std::size_t begin, std::size_t end) const { return text_.substr(begin, end - begin); }
  std::string_view indentation(const Statement& statement) const { return piece(statement.line, statement.begin); }
  std::size_t end_before(const Statement& statement) const;
  std::size_t back_over(bool (*passes)(std::string_view), std::size_t at, std::size_t limit) const;
  bool blank_before(const Statement& header) const;
  const Statement* header_after(const Statement& header) const;
  std::size_t content_end(const Statement& header) const;
  std::size_t block_end(const Statement& header) const;
  char quote_of(const Statement* model) const;
  std::string step(bool (*applies)(const Statement&)) const;

  // Adding.
  Edit insert_lines(std::size_t at, std::string lines) const;
  Edit add_to_inline_table(const Statement& table, const Key& key, std::string_view value) const;
  Edit add_after(const Statement& pair, const Key& key, std::string_view value) const;
  Edit add_to_block(const Statement& header, std::string_view name, std::string_view value) const;
  Edit add_to_root(std::string_view name, std::string_view value) const;
  Edit add_table(const Key& parent, const Key& key, std::string_view value) const;
  std::string copied(const Statement& statement, const Key& table, const Key& target) const;

  // Removing.
  Edit removal(const Statement& statement, const Key& key) const;
  Edit removal_of_block(const Statement& header) const;
  Edit removal_from_inline_table(const Statement& pair, const Key& key) const;

  std::string_view text_;
  std::size_t start_;
  std::string_view newline_;
  std::vector<Statement> statements_;
};

// The end of the statement before this one that has lines of its own.
std::size_t Editor::end_before(const Statement& statement) const {
  const Statement* before =
      last([&](const Statement& s) { return s.kind != Kind::inline_pair && s.end <= statement.line; });
  return before ? before->end : start_;
}

// From the beginning of a line, or the end of the text, back over the lines that pass.
std::size_t Editor::back_over(bool (*passes)(std::string_view), std::size_t at, std::size_t limit) const {
  while (at > limit) {
    const std::size_t newline = at > 1 ? text_.rfind('\n', at - 2) : text_.npos;
    const std::size_t begin = newline == text_.npos ? start_ : newline + 1;
    if (begin < limit || !passes(piece(begin, at))) break;
    at = begin;
  }
  return at;
}

bool Editor::blank_before(const Statement& header) const {
  const std::size_t lead = back_over(is_comment, header.line, end_before(header));
  return back_over(is_blank, lead, end_before(header)) < lead;
}

const Statement* Editor::header_after(const Statement& header) const {
  const auto next =
      std::find_if(statements_.begin() + (&header - statements_.data()) + 1, statements_.end(), is_header);
  return next == statements_.end() ? nullptr : &*next;
}

// After the last statement of the header's block.
std::size_t Editor::content_end(const Statement& header) const {
  if (const Statement* next = header_after(header)) return end_before(*next);
  const Statement* last_line = last([](const Statement& s) { return s.kind != Kind::inline_pair; });
  return last_line->end;
}

// Comments right above the next header belong to it, blank lines in between to nobody.
std::size_t Editor::block_end(const Statement& header) const {
  const Statement* next = header_after(header);
  const std::size_t limit = content_end(header);
  return back_over(is_blank, next ? back_over(is_comment, next->line, limit) : text_.size(), limit);
}

char Editor::quote_of(const Statement* model) const {
  return model && piece(model->begin, model->value).find('\'') != text_.npos ? '\'' : '"';
}

// How much further than its header a pair is indented here, or a table further than the one it is in.
std::string Editor::step(bool (*applies)(const Statement&)) const {
  for (std::size_t i = 1; i < statements_.size(); ++i) {
    const std::string_view outer = indentation(statements_[i - 1]);
    const std::string_view inner = indentation(statements_[i]);
    if (is_header(statements_[i - 1]) && applies(statements_[i]) &&
        is_within(statements_[i].key, statements_[i - 1].key))
      return std::string(inner.substr(std::min(outer.size(), inner.size())));
  }
  return "";
}

// lines end with a newline each; a text without one at its end stays so.
Edit Editor::insert_lines(std::size_t at, std::string lines) const {
  if (at == text_.size() && at > start_ && text_.back() != '\n') {
    lines.resize(lines.size() - newline_.size());
    lines.insert(0, newline_);
  }
  return {at, at, std::move(lines)};
}

Edit Editor::add_to_inline_table(const Statement& table, const Key& key, std::string_view value) const {
  const Statement* neighbour = last([&](const Statement& s) {
    return s.kind == Kind::inline_pair && s.begin > table.value && s.end < table.value_end &&
           parent_size(s) == table.key.size();
  });
  const std::string item = fmt::format("{} = {}", spelled_key(key, table.key.size(), quote_of(&table)), value);
  if (neighbour) return {neighbour->value_end, neighbour->value_end, ", " + item};
  return {table.value, table.value_end, fmt::format("{{ {} }}", item)};
}

Edit Editor::add_after(const Statement& pair, const Key& key, std::string_view value) const {
  const std::string item = fmt::format("{} = {}", spelled_key(key, parent_size(pair), quote_of(&pair)), value);
  if (pair.kind == Kind::inline_pair) return {pair.value_end, pair.value_end, ", " + item};
  return insert_lines(pair.end, fmt::format("{}{}{}", indentation(pair), item, newline_));
}

Edit Editor::add_to_block(const Statement& header, std::string_view name, std::string_view value) const {
  const Statement* neighbour = last([&](const Statement& s) {
    return s.kind == Kind::pair && s.begin > header.begin && s.begin < block_end(header);
  });
  const std::string indent =
      neighbour ? std::string(indentation(*neighbour))
                : std::string(indentation(header)) + step([](const Statement& s) { return !is_header(s); });
  const std::string line = fmt::format("{}{} = {}{}", indent, spelled_part(name, quote_of(neighbour)), value, newline_);
  return insert_lines(neighbour ? neighbour->end : header.end, line);
}

Edit Editor::add_to_root(std::string_view name, std::string_view value) const {
  const Statement* neighbour = last([](const Statement& s) { return s.kind == Kind::pair && parent_size(s) == 0; });
  const std::string line = fmt::format("{} = {}{}", spelled_part(name, quote_of(neighbour)), value, newline_);
  return insert_lines(neighbour ? neighbour->end : start_, line);
}

// A table with one key, after everything that is in its nearest ancestor.
Edit Editor::add_table(const Key& parent, const Key& key, std::string_view value) const {
  const Statement* model = last_header_within(parent);
  const std::size_t at = model ? block_end(*model) : back_over(is_blank, text_.size(), start_);
  std::string indent = model && !parent.empty() ? std::string(indentation(*model)) : "";
  if (model && model->key == parent) indent += step(is_header);
  const bool separate = model ? blank_before(*model) || model == &statements_.front() || parent.empty() : at > start_;
  return insert_lines(at, fmt::format("{}{}[{}]{}{}{}{} = {}{}", separate ? newline_ : "", indent,
                                      spelled_key({key.begin(), key.end() - 1}, 0, quote_of(model)), newline_, indent,
                                      step([](const Statement& s) { return !is_header(s); }),
                                      spelled_part(key.back(), '"'), value, newline_));
}

std::vector<Edit> Editor::set(const Key& key, std::string_view value) const {
  if (const Statement* pair = pair_of(key)) return {{pair->value, pair->value_end, std::string(value)}};
  for (Key parent(key.begin(), key.end() - 1); !parent.empty(); parent.pop_back()) {
    const bool direct = parent.size() + 1 == key.size();
    if (const Statement* table = pair_of(parent)) return {add_to_inline_table(*table, key, value)};
    if (const Statement* pair = last_dotted_within(parent)) return {add_after(*pair, key, value)};
    if (const Statement* header = header_of(parent); header && direct)
      return {add_to_block(*header, key.back(), value)};
    if (last_header_within(parent)) return {add_table(parent, key, value)};
  }
  if (key.size() == 1) return {add_to_root(key.back(), value)};
  return {add_table({}, key, value)};
}

// The statement's lines, or its part of an inline table, as the same of the table target; no indentation is lost.
std::string Editor::copied(const Statement& statement, const Key& table, const Key& target) const {
  if (parent_size(statement) >= table.size())
    return fmt::format("{}{}", piece(statement.line, statement.value_end), newline_);
  Key key = target;
  key.insert(key.end(), statement.key.begin() + static_cast<std::ptrdiff_t>(table.size()), statement.key.end());
  const std::string name = spelled_key(key, parent_size(statement), quote_of(&statement));
  if (statement.kind == Kind::inline_pair)
    return fmt::format(", {} = {}", name, piece(statement.value, statement.value_end));
  if (statement.kind == Kind::pair)
    return fmt::format("{}{} = {}{}", indentation(statement), name, piece(statement.value, statement.value_end),
                       newline_);
  const auto header = statement.kind == Kind::header ? fmt::format("[{}]", name) : fmt::format("[[{}]]", name);
  return fmt::format("{}{}{}{}", blank_before(statement) ? newline_ : "", indentation(statement), header, newline_);
}

std::vector<Edit> Editor::copy(const Key& table, std::string_view name) const {
  Key target = table;
  target.back() = name;
  std::string copy;
  const Statement* model = nullptr;
  std::size_t covered = 0;
  for (const Statement& statement : statements_) {
    if (!is_within(statement.key, table) || statement.begin < covered) continue;
    copy += copied(statement, table, target);
    covered = statement.value_end;
    if (!model || is_header(statement) || !is_header(*model)) model = &statement;
  }
  if (!model) return {};
  if (model->kind == Kind::inline_pair) return {{model->value_end, model->value_end, std::move(copy)}};
  return {insert_lines(is_header(*model) ? block_end(*model) : model->end, std::move(copy))};
}

// Takes the blank lines above with it, or those below when nothing is above. Comments at its end may be about anything.
Edit Editor::removal_of_block(const Statement& header) const {
  Edit edit{back_over(is_blank, header.line, end_before(header)), content_end(header), ""};
  while (edit.begin == start_ && edit.end < text_.size()) {
    const std::size_t next = std::min(text_.find('\n', edit.end), text_.size() - 1) + 1;
    if (!is_blank(piece(edit.end, next))) break;
    edit.end = next;
  }
  return edit;
}

// All pairs of one inline table that are within the key, with the comma before them, or after them when none is before;
// a table without any other is {} then.
Edit Editor::removal_from_inline_table(const Statement& pair, const Key& key) const {
  const Key table(pair.key.begin(), pair.key.begin() + static_cast<std::ptrdiff_t>(parent_size(pair)));
  const Statement* before = nullptr;
  const Statement* last_one = &pair;
  const Statement* after = nullptr;
  for (const Statement& sibling : statements_) {
    if (sibling.kind != Kind::inline_pair || parent_size(sibling) != table.size() || !is_within(sibling.key, table))
      continue;
    if (is_within(sibling.key, key))
      last_one = &sibling;
    else if (sibling.begin < pair.begin)
      before = &sibling;
    else if (!after)
      after = &sibling;
  }
  if (before) return {before->value_end, last_one->value_end, ""};
  if (after) return {pair.begin, after->begin, ""};
  constexpr std::string_view blanks = " \t";
  return {text_.find_last_not_of(blanks, pair.begin - 1) + 1, text_.find_first_not_of(blanks, last_one->value_end), ""};
}

Edit Editor::removal(const Statement& statement, const Key& key) const {
  if (is_header(statement)) return removal_of_block(statement);
  if (statement.kind == Kind::inline_pair) return removal_from_inline_table(statement, key);
  return {statement.line, statement.end, ""};
}

std::vector<Edit> Editor::remove(const Key& key) const {
  std::vector<Edit> edits;
  for (const Statement& statement : statements_) {
    if (!is_within(statement.key, key) || (!edits.empty() && statement.begin < edits.back().end)) continue;
    Edit edit = removal(statement, key);
    if (!edits.empty() && edits.back().end == edit.begin)
      edits.back().end = edit.end;
    else
      edits.push_back(std::move(edit));
  }
  const bool at_unfinished_line = !edits.empty() && edits.back().end == text_.size() && text_.back() != '\n';
  if (at_unfinished_line && text_.substr(0, edits.back().begin).ends_with(newline_))
    edits.back().begin -= newline_.size();
  return edits;
}

}  // namespace

std::vector<Edit> edits_to_set(std::string_view text, const Key& key, std::string_view value) {
  return Editor(text).set(key, value);
}

std::vector<Edit> edits_to_remove(std::string_view text, const Key& key) { return Editor(text).remove(key); }

std::vector<Edit> edits_to_copy(std::string_view text, const Key& table, std::string_view name) {
  return Editor(text).copy(table, name);
}

std::string toml_quoted(std::string_view text, std::string_view document) {
  return quoted(text, std::ranges::count(document, '\'') > std::ranges::count(document, '"') ? '\'' : '"');
}

std::string spelled(const Key& key) { return spelled_key(key, 0, '"'); }

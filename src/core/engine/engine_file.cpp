// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine_file.h"

#include <algorithm>

#include "core/engine/runtime_table.h"
#include "core/text/split.h"

struct EngineFile::Rest {
  std::optional<std::string> text;  // nothing: no file is left
  Notes notes;
};

std::optional<RuntimeEntry> EngineFile::entry() const {
  const auto file = document();
  for (const RuntimeEntry& entry : runtime_entries(*file, request_.engine->table(*file)))
    if (entry.name == request_.wanted.name) return entry;
  return std::nullopt;
}

bool EngineFile::is_foreign() const {
  const std::optional<RuntimeEntry> found = record_ || !change_.before ? std::nullopt : entry();
  return found && !is_shim(found->path, request_.wanted.path);
}

void EngineFile::become(const Document& document) {
  if (document.content() != change_.before.value_or("")) change_.after = document.content();
}

// What is in imports since configure, however it is spelled.
void EngineFile::remove_import(Document& document) const {
  if (!record_) return;
  const auto before = read(record_->before);
  const std::vector<std::string> old = before->strings_if_any({"imports"});
  std::vector<std::string> ours = read(record_->after)->strings_if_any({"imports"});
  for (const std::string& path : old) std::erase(ours, path);
  std::vector<std::string> imports = document.strings_if_any({"imports"});
  const auto is_ours = [&](const std::string& path) { return std::ranges::find(ours, path) != ours.end(); };
  if (std::erase_if(imports, is_ours) == 0) return;
  const auto spelling = before->spelling({"imports"});
  if (imports == old && !spelling) return document.remove({"imports"});
  for (std::string& path : imports) path = document.quoted(path);
  document.set({"imports"}, imports == old ? *spelling : fmt::format("[{}]", join(imports, ", ")));
}

Notes EngineFile::remove_part(Document& document) const {
  if (part_ == Part::import) return remove_import(document), Notes();
  const auto before = record_ ? read(record_->before) : nullptr;
  return unconfigure_runtime(document, request_.engine->table(document), request_.wanted.name, before.get());
}

EngineFile::Rest EngineFile::without_part(const std::string& text) const {
  const auto document = read(text);
  const std::string content = document->content();  // "{}" of an empty JSON file
  Notes notes = remove_part(*document);
  return {document->content() == content ? text : document->content(), std::move(notes)};
}

// Of a file that we made: whether what is left is what we made besides.
bool EngineFile::is_nobody_elses(const std::string& rest) const {
  if (record_) return !record_->before && rest == without_part(record_->after).text;
  return place_.is_own() && read(rest)->is_empty_but_for({});
}

EngineFile::Rest EngineFile::taken_back(const std::optional<std::string>& text) const {
  if (!text || (record_ && text == record_->before)) return {text, {}};
  if (record_ && text == record_->after) return {record_->before, {}};
  Rest rest = without_part(*text);
  if (rest.text != text && is_nobody_elses(*rest.text)) rest.text = std::nullopt;
  return rest;
}

Notes EngineFile::take_back() {
  Rest rest = taken_back(change_.before);
  change_.after = std::move(rest.text);
  return std::move(rest.notes);
}

Notes EngineFile::release_default() {
  if (!change_.before) return {};
  const auto document = this->document(), before = record_ ? read(record_->before) : nullptr;
  Notes notes = ::release_default(*document, request_.engine->table(*document), request_.wanted.name, before.get());
  become(*document);
  return notes;
}

bool EngineFile::is_kept_by_reload() const {
  const auto now = read(change_.before);
  return ::is_kept_by_reload(*now, *read(change_.after), request_.engine->table(*now), request_.wanted.name);
}

// The record of a change that adds to an earlier one still leads back to before that one.
std::vector<Change> EngineFile::changes_to_configure() && {
  std::vector<Change> result;
  if (!is_changed()) return result;
  const auto before = record_ ? taken_back(change_.before).text : change_.before;
  result.push_back(
      records_.to_save({std::string(request_.engine->name), request_.wanted.name, canonical_, before, *change_.after}));
  result.push_back(std::move(change_));
  return result;
}

std::vector<Change> EngineFile::changes_to_unconfigure() && {
  std::vector<Change> result;
  if (record_)
    for (UndoRecord& other : records_.others(canonical_, request_.wanted.name)) {
      other.before = taken_back(other.before).text;
      other.after = taken_back(other.after).text.value_or("");
      result.push_back(records_.to_save(other));
    }
  result.push_back(records_.to_remove(canonical_, request_.wanted.name));
  result.insert(result.begin(), std::move(change_));
  return result;
}

// Without a record there is none of this either: it would lead back to a file with our runtime.
std::vector<Change> EngineFile::changes_to_release() && {
  std::vector<Change> result;
  if (record_) return std::move(*this).changes_to_configure();
  if (is_changed()) result.push_back(std::move(change_));
  return result;
}

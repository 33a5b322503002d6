// A file of an engine that has a part of ours, or is to have it, with the record of how it came there.
//
// It becomes what it should be in memory, and then the changes that make it so: those of the file and of its records, in
// the order in which a plan carries them out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/document.h"
#include "core/engine/engine_request.h"
#include "core/engine/place.h"
#include "core/engine/undo.h"
#include "core/host/change.h"

enum class Part : std::uint8_t { runtime, import };  // of ours in a file

class EngineFile {
 public:
  /// Reads the file and the record of this part. Request and place must outlive it. Error when one cannot be read.
  EngineFile(const EngineRequest& request, const Place& place, Part part)
      : request_(request),
        place_(place),
        part_(part),
        records_(request.root),
        change_(file_change(request.root, part == Part::runtime ? place.target : place.main)),
        canonical_(canonical_in_root(request.root, change_.path)),
        record_(records_.find(canonical_, request.wanted.name)) {}

  std::unique_ptr<Document> document() const { return read(change_.before); }
  bool is_changed() const { return change_.is_needed(); }
  const std::string& path() const { return change_.path; }
  /// The runtime that is there under our name.
  std::optional<RuntimeEntry> entry() const;
  /// Whether that is somebody else's: no configure made it, and its program is not ours.
  bool is_foreign() const;

  /// Becomes the text of this document.
  void become(const Document& document);
  /// Becomes what it is without our part.
  Notes take_back();
  /// Becomes what it is with the default of before.
  Notes release_default();
  /// Whether the engine would keep the runtime that is gone until it is restarted.
  bool is_kept_by_reload() const;

  /// The record, then the file.
  std::vector<Change> changes_to_configure() &&;
  /// The file, then the records: those of others, which took our part for part of the file, must not bring it back.
  std::vector<Change> changes_to_unconfigure() &&;
  /// The record, where there is one, then the file.
  std::vector<Change> changes_to_release() &&;

 private:
  std::unique_ptr<Document> read(const std::optional<std::string>& text) const {
    return request_.engine->read(change_.shown_path(), text.value_or(""));
  }
  struct Rest;  // a text without our part
  Rest without_part(const std::string& text) const;
  Notes remove_part(Document& document) const;
  void remove_import(Document& document) const;
  bool is_nobody_elses(const std::string& rest) const;
  Rest taken_back(const std::optional<std::string>& text) const;

  const EngineRequest& request_;
  const Place& place_;
  Part part_;
  UndoRecords records_;
  Change change_;
  std::string canonical_;
  std::optional<UndoRecord> record_;  // of an earlier configure
};

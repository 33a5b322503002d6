// The part that all engines share: a table of runtimes in a document file, one
// of which is the default.
//
// Pure functions on documents. `configured` puts the shim in, `unconfigured`
// takes it out again and brings the previous default back, whatever it was.
// What the user should know is added to the notes, a sentence each.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "core/engine/document.h"

using Notes = std::vector<std::string>;

/// Where an engine keeps its runtimes.
struct RuntimeTable {
  Key runtimes;                    // the table; each runtime is an entry of it
  bool keeps_empty_table = false;  // the engine, told to reload, takes a missing table for one that has not changed
  Key default_name;                // the string that names the default
  Key binary;                      // below an entry: the runtime's path; empty: the entry itself
  bool binary_in_list = false;     // the path is the element of an array
  std::string_view rival = "";     // below an entry: what the engine does not accept beside the path; or empty
  std::string_view type_key = "";  // below an entry: its type; empty: there are none
  std::string_view type = "";      // what the shim's entry gets when nothing is inherited
  std::string_view old_type = "";  // entries of this type read the path from old_binary
  Key old_binary;
  bool (*can_stand_in)(std::string_view type) = nullptr;  // for a runtime of that type; nullptr: nothing is inherited
  std::string_view built_in_default = "runc";
  bool forgets_built_in = false;  // the first runtime in the file replaces those that the engine has built in
};

struct Wanted {
  std::string name;
  std::string path;
  bool as_default = false;
};

struct RuntimeEntry {
  std::string name;
  std::string path;  // empty: the entry names none
  bool is_default = false;
};

/// Others are further files of the engine, in the order it reads them, for entries to inherit from.
void configure_runtime(Document& document, const RuntimeTable& table, const Wanted& wanted,
                       const std::vector<const Document*>& others, Notes& notes);

/// Before is the file as it was when the shim was put in; nullptr: nobody knows.
void unconfigure_runtime(Document& document, const RuntimeTable& table, const std::string& name, const Document* before,
                         Notes& notes);

std::vector<RuntimeEntry> runtime_entries(const Document& document, const RuntimeTable& table);

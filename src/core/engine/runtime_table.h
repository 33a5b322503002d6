// The part that all engines share: a table of runtimes in a configuration file,
// one of which is the default.
//
// Functions on documents, which read nothing else. What is not ours is nobody's
// business: another runtime's entry, or a default that we do not touch, neither
// stops us nor changes, whatever it says.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/document.h"

using Notes = std::vector<std::string>;  // what the user should know, a sentence each

/// Where an engine keeps its runtimes.
struct RuntimeTable {
  Key runtimes;                        // the table; each runtime is an entry of it
  Key default_name;                    // the string that names the default
  Key binary = {};                     // below an entry: the runtime's path; empty: the entry itself
  bool binary_in_list = false;         // the path is the element of an array
  bool keeps_missing = false;          // the engine, told to reload, takes a missing key for one that has not changed
  std::string_view excluded_key = "";  // below an entry: what the engine does not accept beside the path; or empty
  std::string_view type_key = "";      // below an entry: its type; empty: there are none
  std::string_view type = "";          // what the shim's entry gets when nothing is inherited
  std::string_view old_type = "";      // entries of this type read the path from old_binary
  Key old_binary = {};
  bool (*can_stand_in)(std::string_view type) = nullptr;  // for a runtime of that type; nullptr: nothing is inherited
  std::string_view built_in_default = "runc";
  bool forgets_built_in = false;  // where the file has any runtime, the engine may not have its built-in one
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

/// Others are further files of the engine, in the order it reads them, for the entry to inherit from. Error with a place
/// where our entry, or the default if wanted, cannot be put in.
Notes configure_runtime(Document& document, const RuntimeTable& table, const Wanted& wanted,
                        const std::vector<const Document*>& others);

/// Writes out the runtime that the engine has built in, in a file that has no runtimes yet; false when it has.
bool write_built_in(Document& document, const RuntimeTable& table);

/// Before is the file as it was when the shim was put in; nullptr: nobody knows. The default returns, and tables that
/// only we made go with what was in them.
Notes unconfigure_runtime(Document& document, const RuntimeTable& table, const std::string& name,
                          const Document* before);

/// Only the default returns; the entry stays for containers that were made with it.
Notes release_default(Document& document, const RuntimeTable& table, const std::string& name, const Document* before);

/// Whether a reload, told the second document after the first, does not make the engine forget the runtime of that name: the
/// key of the default or of all runtimes is missing then.
bool is_kept_by_reload(const Document& now, const Document& then, const RuntimeTable& table, std::string_view name);

/// Error with a place when there is something else than a table of runtimes.
std::vector<RuntimeEntry> runtime_entries(const Document& document, const RuntimeTable& table);

// JSON Patch (RFC 6902) on a tree, with the pointers of RFC 6901.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/text/json_text.h"
#include "core/text/json_tree.h"

/// The tree after all operations of the patch, an array, which must outlive it. Error for the first that cannot be carried
/// out, with its place in the patch: "FILE:LINE:COLUMN: remove /mounts/9: there is no such place".
JsonNode patched(JsonNode document, const JsonText& patch);

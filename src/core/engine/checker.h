// What an engine's own program says of a configuration, before it is written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/engine.h"
#include "core/host/change.h"

/// Error when the program accepts the file as it is and rejects what it shall be. Who rejects it as it is, too, is not
/// the one that reads it, or has another complaint: that is a note. Nothing where there is no such program.
Notes check(const Engine& engine, const Change& change);

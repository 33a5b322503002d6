// A Go template of a TOML file, as k3s and rke2 render their containerd's from one: https://docs.k3s.io/advanced
//
// It is edited as TOML in which each line with an action, {{ … }}, is a comment. What such
// a line brings is not known, but for one: {{ template "base" . }}, the distribution's own
// file, brings the version. A line whose actions reach below it, as {{ if }} does, is refused:
// what is added there would not always apply.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/engine/document.h"

/// Version is that of the distribution's own file. An empty content is one that has this file and nothing else.
std::unique_ptr<Document> toml_template(const std::string& name, const std::string& content, std::int64_t version);

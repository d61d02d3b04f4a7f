// The parts of a survey, a function each. Used by survey.cpp only.
#pragma once

#include <string>
#include <vector>

#include "collectors/snmp/survey.hpp"

namespace kurabe::collectors::snmp {

// Disks, mounts or interfaces of a device, each: what collectors/local_parts.hpp allows.
inline constexpr std::size_t kDevicesMax = 1000;
inline constexpr std::size_t kDeviceNameBytesMax = 255;

// What the parts read and write; the references outlive a part's call.
struct Planning {
    const Filters& filters;
    const Tables& tables;
    Plan& plan;
};

// survey_interfaces.cpp
void plan_interfaces(const Planning& planning);

// survey_disks.cpp
void plan_storage(const Planning& planning);
void plan_disk_io(const Planning& planning);

// survey_plugins.cpp; `number` is the plugin's in Plan::plugins.
void ask_plugin(const OidPlugin& plugin, std::size_t number, Questions& questions);
void plan_plugin(const Planning& planning, const OidPlugin& plugin, std::size_t number);

// survey.cpp: a list of device names as comma-joined meta; none is no meta, as in Kurado.
void plan_list(Plan& plan, std::string key, const std::vector<std::string>& names,
               std::size_t plugin = 0);
void complain(Plan& plan, std::string key, std::string text);

// The value of a row; null when the column has none.
[[nodiscard]] const Value* find(const Column& column, const Oid& index);
[[nodiscard]] std::uint64_t count_at(const Column& column, const Oid& index,
                                     std::uint64_t otherwise);
// Without control bytes and blanks at its end, which some devices send.
[[nodiscard]] std::string text_at(const Column& column, const Oid& index);

}  // namespace kurabe::collectors::snmp

// Between the beginning and the end of a key stands the device.
#include "server/listed_devices.hpp"

#include <array>
#include <string>

#include "server/config.hpp"

namespace kurabe::server {
namespace {

struct DeviceList {
    std::string_view meta;
    std::string_view begin;  // of its keys
    std::string_view end;
};
constexpr std::array kLists{
    DeviceList{"traffic-interfaces", "traffic-", "-rxbytes.derive"},
    DeviceList{"disk-usage-devices", "disk-usage-", "-used.gauge"},
    DeviceList{"disk-io-devices", "disk-io-", "-read-ios.derive"},
};

std::string devices_in(const SeriesKeys& keys, const DeviceList& list) {
    std::string devices;
    for (const std::string& key : keys) {
        std::string_view device = key;
        if (!device.starts_with(list.begin) || !device.ends_with(list.end)) continue;
        if (device.size() <= list.begin.size() + list.end.size()) continue;
        device.remove_prefix(list.begin.size());
        device.remove_suffix(list.end.size());
        if (!devices.empty()) devices += ',';
        devices += device;
    }
    return devices;
}

}  // namespace

MetaMap with_listed_devices(MetaMap meta, std::string_view plugin, const SeriesKeys& keys) {
    if (plugin != kBasePlugin) return meta;
    for (const DeviceList& list : kLists) {
        if (meta.contains(list.meta)) continue;
        std::string devices = devices_in(keys, list);
        if (!devices.empty()) meta.emplace(list.meta, std::move(devices));
    }
    return meta;
}

}  // namespace kurabe::server

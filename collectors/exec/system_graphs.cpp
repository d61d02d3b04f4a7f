// Names of metrics as the agents of all systems have them.
#include "collectors/exec/system_graphs.hpp"

namespace kurabe::collectors::exec {

// What is behind a wildcard that others come before is what they have left.
std::vector<MackerelGraph> mackerel_system_graphs() {
    return {
        {.name = "loadavg",
         .label = "Load Average",
         .unit = "load",
         .metrics = {{"loadavg1", "1 minute"},
                     {"loadavg5", "5 minutes"},
                     {"loadavg15", "15 minutes"}},
         .has_whole_names = true},
        {.name = "cpu",
         .label = "CPU",
         .unit = "percentage",
         .metrics = {{"user.percentage", "user", true},
                     {"iowait.percentage", "iowait", true},
                     {"system.percentage", "system", true},
                     {"nice.percentage", "nice", true},
                     {"irq.percentage", "irq", true},
                     {"softirq.percentage", "softirq", true},
                     {"steal.percentage", "steal", true},
                     {"guest.percentage", "guest", true},
                     {"idle.percentage", "idle", true},
                     {"*.percentage", "%1", true}}},
        {.name = "memory",
         .label = "Memory",
         .unit = "bytes",
         .metrics = {{"used", "used", true},
                     {"buffers", "buffers", true},
                     {"cached", "cached", true},
                     {"mem_available", "available", true},
                     {"available", "available", true},
                     {"free", "free", true},
                     {"total", "total"},
                     {"swap_total", "swap total"},
                     {"swap_used", "swap used"},
                     {"swap_free", "swap free"},
                     {"swap_cached", "swap cached"},
                     {"*", "%1"}}},
        {.name = "disk.*",
         .label = "Disk IO",
         .unit = "iops",
         .metrics = {{"reads.delta", "%1 reads"}, {"writes.delta", "%1 writes"}}},
        {.name = "interface.*",
         .label = "Interface",
         .unit = "bytes/sec",
         .metrics = {{"rxBytes.delta", "%1 received"}, {"txBytes.delta", "%1 sent"}}},
        {.name = "filesystem.*",
         .label = "Filesystem",
         .unit = "bytes",
         .metrics = {{"size", "%1 size"}, {"used", "%1 used"}}},
    };
}

}  // namespace kurabe::collectors::exec

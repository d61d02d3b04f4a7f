// Every command with its usage. Rule: the manual page of each.
#include "cli/rrdtool/dispatch.hpp"

#include <algorithm>
#include <array>

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kCommands{
    Command{"create", "make a file", run_create,
            "FILE [-b|--start TIME] [-s|--step SECONDS] [-t|--template FILE]\n"
            "\t[-r|--source FILE]... [-O|--no-overwrite] [-d|--daemon ADDRESS]\n"
            "\tDS:NAME[=SOURCE-DS[[SOURCE-NUMBER]]]:TYPE:HEARTBEAT:MIN:MAX...\n"
            "\tDS:NAME:COMPUTE:RPN...\n"
            "\tRRA:AVERAGE|MIN|MAX|LAST:XFF:STEPS:ROWS...\n"
            "\tRRA:HWPREDICT|MHWPREDICT:ROWS:ALPHA:BETA:SEASON[:RRA-NUMBER]...\n"
            "\tRRA:SEASONAL|DEVSEASONAL:SEASON:GAMMA:RRA-NUMBER[:smoothing-window=SHARE]...\n"
            "\tRRA:DEVPREDICT:ROWS:RRA-NUMBER...\n"
            "\tRRA:FAILURES:ROWS:THRESHOLD:WINDOW:RRA-NUMBER...\n"},
    Command{"dump", "write a file as XML", run_dump,
            "FILE [FILE.xml] [-h|--header none|xsd|dtd] [-n|--no-header] [-d|--daemon ADDRESS]\n",
            Group::kFiles, FileArgument::kFileOrSeries},
    Command{"fetch", "print the rows between two times", run_fetch,
            "FILE CF [-s|--start TIME] [-e|--end TIME] [-r|--resolution SECONDS]\n"
            "\t[-a|--align-start] [-d|--daemon ADDRESS]\n",
            Group::kFiles, FileArgument::kFileOrSeries},
    Command{"first", "print when the oldest row of an RRA ends", run_first,
            "FILE [--rraindex NUMBER] [-d|--daemon ADDRESS]\n", Group::kFiles,
            FileArgument::kFileOrSeries},
    Command{"flushcached", "have rrdcached write what it holds back", run_flushcached,
            "FILE... [-d|--daemon ADDRESS]\n"},
    Command{"info", "print the header of a file", run_info,
            "FILE [-F|--noflush] [-d|--daemon ADDRESS]\n", Group::kFiles,
            FileArgument::kFileOrSeries},
    Command{"last", "print when a file was updated last", run_last, "FILE [-d|--daemon ADDRESS]\n",
            Group::kFiles, FileArgument::kFileOrSeries},
    Command{"lastupdate", "print the readings of the last update", run_lastupdate,
            "FILE [-d|--daemon ADDRESS]\n", Group::kFiles, FileArgument::kFileOrSeries},
    Command{"list", "print the names of files in a directory", run_list,
            "DIRECTORY|FILE [-r|--recursive] [-F|--noflush] [-d|--daemon ADDRESS]\n"},
    Command{"resize", "make an RRA longer or shorter, in a new file resize.rrd", run_resize,
            "FILE RRA-INDEX GROW|SHRINK ROWS\n"},
    Command{"restore", "make a file from the XML of a dump", run_restore,
            "FILE.xml|- FILE [-r|--range-check] [-f|--force-overwrite]\n"},
    Command{"tune", "change settings, data sources and RRAs; alone: list them", run_tune,
            "FILE [-h|--heartbeat DS:SECONDS] [-i|--minimum DS:MIN] [-a|--maximum DS:MAX]\n"
            "\t[-d|--data-source-type DS:TYPE] [-r|--data-source-rename OLD:NEW]\n"
            "\t[-p|--deltapos NUMBER] [-n|--deltaneg NUMBER]\n"
            "\t[-f|--failure-threshold ROWS] [-w|--window-length ROWS]\n"
            "\t[-x|--alpha NUMBER] [-y|--beta NUMBER]\n"
            "\t[-z|--gamma NUMBER] [-v|--gamma-deviation NUMBER]\n"
            "\t[-s|--smoothing-window SHARE] [-S|--smoothing-window-deviation SHARE]\n"
            "\t[-b|--aberrant-reset DS] [-t|--step SECONDS] [-D|--daemon ADDRESS]\n"
            "\t[DEL:DS] [DS:DEFINITION] [DELRRA:INDEX] [RRA:DEFINITION] [RRA#INDEX:+|-|=ROWS]\n"},
    Command{"update", "add readings to a file", run_update,
            "FILE [-t|--template DS:DS...] [-s|--skip-past-updates]\n"
            "\t[-L|--locking try|block|none] [-d|--daemon ADDRESS]\n"
            "\tTIME|N:VALUE:VALUE... or AT-TIME@VALUE:VALUE..., as often as needed\n"},
    Command{"updatev", "add readings to a file and print the rows that this writes", run_updatev,
            "FILE [-t|--template DS:DS...] [-s|--skip-past-updates]\n"
            "\t[-L|--locking try|block|none]\n"
            "\tTIME|N:VALUE:VALUE... or AT-TIME@VALUE:VALUE..., as often as needed\n"},
    Command{"graph", "draw a graph", nullptr,
            "FILE [options] ELEMENT...\n"
            "\tFILE '-' writes the picture to standard output. Options and elements are those of\n"
            "\trrdgraph(1), such as\n"
            "\t-s START -e END -w PIXELS -h PIXELS -t TITLE -v LABEL\n"
            "\tDEF:NAME=FILE:DS:CF CDEF:NAME=RPN VDEF:NAME=RPN PRINT:NAME:FORMAT\n"
            "\tLINE1:NAME#COLOR:TEXT AREA:NAME#COLOR:TEXT GPRINT:NAME:FORMAT COMMENT:TEXT\n"
            "\tand, beyond rrdtool (docs/graph.md):\n"
            "\t[--compare START [--compare-align start|clock]] [--mark TIME[:TEXT[#COLOR]]]\n"
            "\t[--band START:END#COLOR[:TEXT]] [--clip-below VALUE] [--clip-above VALUE]\n"
            "\t[--theme rrdtool|kurado|light|dark] [--palette own|safe] [--tz ZONE | --utc]\n"
            "\t[--legend-height PIXELS] [--legend-width PIXELS] [--imgformat LAYOUT]\n",
            Group::kGraphs, FileArgument::kFileOrSeries},
    Command{"graphv", "draw a graph and print what it shows and where", nullptr,
            "FILE [options] ELEMENT...\n"
            "\tAs graph; prints \"key = value\" lines before the picture.\n",
            Group::kGraphs, FileArgument::kFileOrSeries},
    Command{"xport", "print the numbers of a graph as XML or JSON", nullptr,
            "[-s|--start TIME] [-e|--end TIME] [-m|--maxrows ROWS] [--step SECONDS]\n"
            "\t[--json] [--enumds] [-t|--showtime] [-d|--daemon ADDRESS]\n"
            "\tDEF:NAME=FILE:DS:CF CDEF:NAME=RPN XPORT:NAME[:LEGEND]\n",
            Group::kGraphs, FileArgument::kFileOrSeries},
    Command{"serve", "serve pages and graphs, collect and store", nullptr,
            "--config FILE|--rrd-dir DIR [--data DIR] [--listen ADDRESS:PORT]\n"
            "\t[--resp ADDRESS:PORT] [--graphite ADDRESS:PORT] [--commit-interval SECONDS]\n",
            Group::kServer},
    Command{"config", "check a server's configuration, and show it", nullptr,
            "check FILE\n\tdump FILE [--json]\n", Group::kServer},
    Command{"export", "write series as files of RRDtool", nullptr,
            "SERIES|HOST FILE|DIR [--server URL [--token-file FILE] | --data DIR]\n",
            Group::kServer},
    Command{"import", "take files of RRDtool as series", nullptr,
            "FILE|DIR... --data DIR [--host HOST] [--plugin PLUGIN] [--key KEY]\n", Group::kServer},
    Command{"check", "look at every archive of a data directory", nullptr, "DIR [--repair]\n",
            Group::kServer},
    Command{"backup", "copy a data directory, also one in use", nullptr, "DIR TARGET\n",
            Group::kServer},
    Command{"retention", "tell or change steps and rings of hosts", nullptr,
            "DIR [HOST...] [--rings RESOLUTION:DURATION,... [--really]]\n", Group::kServer},
    Command{"retire", "remove series that have been silent", nullptr,
            "DIR [HOST...] --silent DURATION [--really]\n", Group::kServer},
    Command{"collect", "collect metrics of machines, devices, services", nullptr,
            "local [--once] [--interval SECONDS] [--host NAME] [--server URL [--token-file FILE]]\n"
            "\tssh [USER@]HOST[:PORT]... [--once] [--interval SECONDS] [--deadline SECONDS]\n"
            "\t[--identity FILE] [--known-hosts FILE] [--ssh-config FILE|none]\n"
            "\t[--server URL [--token-file FILE]]\n"
            "\tssh --forced-command\n"
            "\tsnmp HOST[:PORT]... --credentials FILE [--only PART,...] [--once]\n"
            "\t[--interval SECONDS] [--deadline SECONDS] [--server URL [--token-file FILE]]\n"
            "\tmunin HOST[:PORT]... [--once] [--interval SECONDS] [--deadline SECONDS]\n"
            "\t[--server URL [--token-file FILE]]\n"
            "\tplugin LINE HOST... [--once] [--interval SECONDS] [--deadline SECONDS]\n"
            "\t[--config FILE] [--server URL [--token-file FILE]]\n",
            Group::kServer},
    Command{"plugin", "name plugins, and show what they fetch and draw", nullptr,
            "list [--config FILE]\n\ttest LINE HOST [--config FILE]\n", Group::kServer},
    Command{"agent", "collect this machine all the time, and push it", nullptr,
            "--server URL [--token-file FILE] [--spool DIR] [--conf-d DIR] [--host NAME]\n"
            "\t[--interval SECONDS] [--max-delay SECONDS]\n",
            Group::kServer},
    Command{"token", "make, list and revoke what programs are known by", nullptr,
            "create NAME [--read] [--write] [--hosts PATTERN]... [--expires DURATION]\n"
            "\t--config FILE [--data DIR]\n"
            "\tlist --config FILE [--data DIR]\n"
            "\trevoke NAME --config FILE [--data DIR]\n",
            Group::kServer},
    Command{"user", "set, remove and list who may log in", nullptr,
            "set NAME --users FILE\n\tremove NAME --users FILE\n\tlist --users FILE\n",
            Group::kServer},
    Command{"sign", "make an address that shows a picture without login", nullptr,
            "URL [--expires DURATION] --config FILE [--data DIR]\n", Group::kServer},
    Command{"demo", "make invented hosts: DIR/kurabe.yml and DIR/data", nullptr,
            "DIR [--hosts N] [--days D] [--seed S]\n", Group::kServer},
};

}  // namespace

std::span<const Command> commands() noexcept {
    return kCommands;
}

const Command* find_command(std::string_view name) noexcept {
    const auto found = std::ranges::find(kCommands, name, &Command::name);
    return found == kCommands.end() ? nullptr : &*found;
}

}  // namespace kurabe::cli::rrdtool

// The commands of the whole program, each from its arguments to its effect.
#pragma once

#include "cli/command_line.hpp"
#include "cli/drawing.hpp"
#include "cli/environment.hpp"
#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// rrdtool's commands that need render/: as those of cli/rrdtool/commands.hpp.
[[nodiscard]] Result<void> run_graph(rrdtool::Words arguments, rrdtool::Session& session,
                                     Drawing& drawing);
[[nodiscard]] Result<void> run_graphv(rrdtool::Words arguments, rrdtool::Session& session,
                                      Drawing& drawing);
[[nodiscard]] Result<void> run_xport(rrdtool::Words arguments, rrdtool::Session& session);

// Writes series as .rrd files. Series that fail are named on standard error, the others written.
[[nodiscard]] Result<void> run_export(const ExportCommand& command, rrdtool::Output& out);

// Takes .rrd files into a data directory that no server uses. What cannot be taken, or not whole,
// is named on standard error; that and rows that were not kept are an error at the end.
[[nodiscard]] Result<void> run_import(const ImportCommand& command, rrdtool::Output& out);

// Names what is wrong with a data directory on standard error, which is an error unless it was
// repaired.
[[nodiscard]] Result<void> run_check(const CheckCommand& command, rrdtool::Output& out);

// Hosts that fail are named on standard error, the others done.
[[nodiscard]] Result<void> run_retention(const RetentionCommand& command, rrdtool::Output& out);
[[nodiscard]] Result<void> run_retire(const RetireCommand& command, const Environment& environment,
                                      rrdtool::Output& out);

[[nodiscard]] Result<void> run_backup(const BackupCommand& command, rrdtool::Output& out);

// Prints base metrics of this machine as Kurado's lines, or hands them to a server. Without `once`
// it does not end, and what a server does not take is told on standard error.
[[nodiscard]] Result<void> run_collect_local(const CollectLocalCommand& command,
                                             const Environment& environment, rrdtool::Output& out);

// The same of what hosts told; those that failed are named on standard error, and an
// error at the end. Without `once` it does not end.
[[nodiscard]] Result<void> run_collect_ssh(const CollectSshCommand& command,
                                           const Environment& environment, rrdtool::Output& out);

// The same of devices by SNMP.
[[nodiscard]] Result<void> run_collect_snmp(const CollectSnmpCommand& command,
                                            const Environment& environment, rrdtool::Output& out);

// The same of munin-nodes.
[[nodiscard]] Result<void> run_collect_munin(const CollectMuninCommand& command,
                                             const Environment& environment, rrdtool::Output& out);

// The same of what a plugin fetches from them.
[[nodiscard]] Result<void> run_collect_plugin(const CollectPluginCommand& command,
                                              const Environment& environment, rrdtool::Output& out);

// Names the plugins with their arguments.
[[nodiscard]] Result<void> run_plugin_list(const PluginListCommand& command, rrdtool::Output& out);

// Prints what a service answered, what was read from it, and which graphs it makes; an error when
// the fetch failed.
[[nodiscard]] Result<void> run_plugin_test(const PluginTestCommand& command,
                                           const Environment& environment, rrdtool::Output& out);

// Collects and pushes until SIGTERM or SIGINT.
[[nodiscard]] Result<void> run_agent(const AgentCommand& command, const Environment& environment);

// Says how much a configuration has, and its warnings on standard error; an error, kInvalid, when a
// server could not follow it, or not read the files of users, tokens, keys or its certificate.
[[nodiscard]] Result<void> run_config_check(const ConfigCheckCommand& command,
                                            const Environment& environment, rrdtool::Output& out);
// Its services and plugins as tables, or as JSON.
[[nodiscard]] Result<void> run_config_dump(const ConfigDumpCommand& command, rrdtool::Output& out);

// Makes invented hosts, a data directory with its configuration, and says how to go on; progress on
// standard error.
[[nodiscard]] Result<void> run_demo(const DemoCommand& command, const Environment& environment,
                                    rrdtool::Output& out);

// Tokens and users of a server, running or not: what the files say counts within a second.
// A new token's secret is all that is printed.
[[nodiscard]] Result<void> run_token_create(const TokenCreateCommand& command,
                                            const Environment& environment, rrdtool::Output& out);
[[nodiscard]] Result<void> run_token_list(const TokenListCommand& command,
                                          const Environment& environment, rrdtool::Output& out);
[[nodiscard]] Result<void> run_token_revoke(const TokenRevokeCommand& command,
                                            const Environment& environment, rrdtool::Output& out);
// The password is the first line of `in`; a terminal is asked for it, twice.
[[nodiscard]] Result<void> run_user_set(const UserSetCommand& command,
                                        const Environment& environment, rrdtool::Input& in,
                                        rrdtool::Output& out);
[[nodiscard]] Result<void> run_user_remove(const UserRemoveCommand& command,
                                           const Environment& environment, rrdtool::Output& out);
[[nodiscard]] Result<void> run_user_list(const UserListCommand& command,
                                         const Environment& environment, rrdtool::Output& out);

// Prints the address with its signature, all that is needed to see that picture.
[[nodiscard]] Result<void> run_sign(const SignCommand& command, const Environment& environment,
                                    rrdtool::Output& out);

// Serves until SIGTERM or SIGINT; SIGHUP makes it read its configuration again. An error of the
// configuration has the code kInvalid.
[[nodiscard]] Result<void> run_serve(const ServeCommand& command, const Environment& environment);

}  // namespace kurabe::cli

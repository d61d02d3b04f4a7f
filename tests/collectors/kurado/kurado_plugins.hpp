// Perl scripts in the manner of Kurado's plugins, with a small module in the place of its own.
#pragma once

#include <filesystem>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

// DIR/plugins/{fetch,view}/cache.pl and view/pushed.pl, and DIR/lib/Kurado/Plugin.pm.
inline void write_kurado_plugins(const TemporaryDirectory& directory) {
    directory.write("lib/Kurado/Plugin.pm", R"(package Kurado::Plugin;
use strict; use warnings; use Getopt::Long (); use JSON::PP ();
sub new {
    my ($class, @words) = @_;
    my %self = (arguments => []);
    my $parser = Getopt::Long::Parser->new(config => [qw(no_ignore_case pass_through)]);
    local @ARGV = @words;
    $parser->getoptions("address=s" => \$self{address}, "hostname=s" => \$self{hostname},
        "comments=s" => \$self{comments}, "plugin-arguments=s" => $self{arguments},
        "graph=s" => \$self{graph});
    die "usage: --address A --hostname H\n" if !$self{address} || !$self{hostname};
    $self{config} = JSON::PP::decode_json($ENV{"kurado.metrics_config_json"});
    $self{meta} = JSON::PP::decode_json($ENV{"kurado.metrics_meta_json"});
    return bless \%self, $class;
}
1;
)");
    directory.write("plugins/fetch/cache.pl", R"(use strict; use warnings;
use Kurado::Plugin;
my $plugin = Kurado::Plugin->new(@ARGV);
if ($plugin->{address} eq "10.0.0.9") { print STDERR "cannot connect\n"; exit 1 }
print "# fetched\n";
my $time = time;
print "metrics.items.gauge\t42\t$time\n";
print "metrics.reads.derive\t" . $plugin->{config}{Cache}{factor} * 100 . "\t$time\n";
print "metrics.missing.gauge\t\t$time\n";
print "meta.version\t1.4.$plugin->{arguments}[0]\n";
print "meta.seen\t" . ($plugin->{meta}{version} // "nothing") . "\n";
print "warn.full\tnearly full\n";
)");
    directory.write("plugins/view/cache.pl", R"(use strict; use warnings;
use Kurado::Plugin;
my $plugin = Kurado::Plugin->new(@ARGV);
if (!$plugin->{graph}) {
    print "#Cache ($plugin->{arguments}[0])\tversion\t$plugin->{meta}{version}";
    print "\tuptime\tup 3 days\nitems\nreads\n";
    exit;
}
print "Count\nDEF:a=<%RRD $plugin->{graph}." . ($plugin->{graph} eq "reads" ? "derive" : "gauge");
print " %>:n:AVERAGE\nLINE1:a#00C000:$plugin->{graph} of $plugin->{hostname}\n";
print "GPRINT:a:LAST:Cur\\:%6.2lf%s\\l\n";
)");
    directory.write(
        "plugins/view/pushed.pl",
        "print +(grep { $_ eq '--graph' } @ARGV) ? \"DEF:a=<%RRD x.gauge %>:n:AVERAGE\\n"
        "LINE1:a#000000\\n\" : \"#Pushed\\nx\\n\";\n");
}

}  // namespace kurabe::tests

// A directory of archives: ownership, names, damage kept apart, restart, threads.
#include "store/store.hpp"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "store/journal_segment.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Time kBegin{Seconds{1'700'000'100}};

Batch batch(const std::string& host, std::int64_t minute, double value = 1) {
    const SampleTime time = kBegin + Seconds{60 * minute};
    return {host,
            {{"plugin", "a.gauge", RawValue::of(value), time},
             {"plugin", "b.gauge", RawValue::of(-value), time}}};
}

class StoreTest : public testing::Test {
  protected:
    std::unique_ptr<Store> open(StoreOptions::Access access = StoreOptions::Access::kWrite) {
        StoreOptions options;
        options.access = access;
        auto store = Store::open(path(), options);
        if (!store) throw std::runtime_error(store.error().message);
        return std::move(*store);
    }
    Result<FetchedSeries> fetch(const Store& store, const std::string& host) {
        return store.fetch({host, "plugin", "a.gauge"},
                           {.start = kBegin, .end = kBegin + Seconds{180}});
    }
    [[nodiscard]] std::filesystem::path path() const { return directory_.path() / "data"; }

    tests::TemporaryDirectory directory_;
};

TEST_F(StoreTest, KeepsHostsAndTheirSeriesOverARestart) {
    auto store = open();
    for (int minute = 0; minute < 4; ++minute) {
        EXPECT_EQ(store->append(batch("web1", minute))->stored, 2);
        EXPECT_TRUE(store->append(batch("db:2", minute)));
    }
    ASSERT_TRUE(store->close());
    store = open();
    EXPECT_THAT(store->hosts(), ElementsAre("db:2", "web1"));
    const auto series = store->series("web1");
    ASSERT_TRUE(series);
    ASSERT_EQ(series->size(), 2);
    EXPECT_EQ((*series)[0].name.text(), "web1/plugin/a.gauge");
    EXPECT_EQ((*series)[1].type, DsType::kGauge);
    EXPECT_EQ(store->info({"web1", "plugin", "a.gauge"})->last_update, kBegin + Seconds{180});
    const auto fetched = fetch(*store, "db:2");
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->values[0], 1);
}

TEST_F(StoreTest, AnArchiveIsMadeForItsSeriesHoweverManySamplesBeginIt) {
    auto store = open();
    Batch history{"many", {}};
    for (int minute = 0; minute < 1000; ++minute) {
        const Batch more = batch("many", minute);
        history.samples.insert(history.samples.end(), more.samples.begin(), more.samples.end());
    }
    EXPECT_EQ(store->append(history)->stored, 2000);
    EXPECT_TRUE(store->append(batch("few", 0)));
    EXPECT_EQ(std::filesystem::file_size(path() / "hosts/many.kurabe"),
              std::filesystem::file_size(path() / "hosts/few.kurabe"));
}

TEST_F(StoreTest, AnOwnerExcludesOthersAndIsNamed) {
    auto store = open();
    for (const auto access : {StoreOptions::Access::kWrite, StoreOptions::Access::kRead}) {
        StoreOptions options;
        options.access = access;
        const auto second = Store::open(path(), options);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::kInUse);
        EXPECT_EQ(second.error().message, path().string() + " is in use by process " +
                                              std::to_string(::getpid()) + " (kurabe)");
    }
    ASSERT_TRUE(store->close());
    EXPECT_TRUE(open());
}

TEST_F(StoreTest, ReadersShareADirectoryAndCannotWrite) {
    ASSERT_TRUE(open()->close());
    const auto first = open(StoreOptions::Access::kRead);
    const auto second = open(StoreOptions::Access::kRead);
    EXPECT_EQ(first->append(batch("a", 0)).error().code, ErrorCode::kInvalid);
    const auto writer = Store::open(path(), {});
    ASSERT_FALSE(writer);
    EXPECT_THAT(writer.error().message, HasSubstr("in use by a program that reads it"));
}

TEST_F(StoreTest, ADirectoryThatIsNoStoreCannotBeRead) {
    StoreOptions options;
    options.access = StoreOptions::Access::kRead;
    EXPECT_EQ(Store::open(path(), options).error().code, ErrorCode::kNotFound);
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(StoreTest, UnknownHostsAndSeriesAreNotFound) {
    const auto store = open();
    EXPECT_EQ(fetch(*store, "none").error().code, ErrorCode::kNotFound);
    EXPECT_EQ(store->series("none").error().code, ErrorCode::kNotFound);
    ASSERT_TRUE(store->append(batch("a", 0)));
    EXPECT_EQ(store->info({"a", "plugin", "z.gauge"}).error().code, ErrorCode::kNotFound);
}

TEST_F(StoreTest, BadHostsAndBadSamplesMakeNoArchive) {
    const auto store = open();
    for (const char* host : {"", "../x", "a/b", "a\n"}) {
        EXPECT_EQ(store->append(batch(host, 0)).error().code, ErrorCode::kInvalid);
    }
    Batch bad = batch("a", 0);
    for (Sample& sample : bad.samples) sample.key = "no-suffix";
    const auto report = store->append(bad);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->refused_count, 2);
    EXPECT_TRUE(store->hosts().empty());
    EXPECT_TRUE(std::filesystem::is_empty(path() / "hosts"));
}

TEST_F(StoreTest, ADamagedArchiveIsNamedAndStopsNoOther) {
    auto store = open();
    for (int minute = 0; minute < 4; ++minute) {
        ASSERT_TRUE(store->append(batch("bad", minute)));
        ASSERT_TRUE(store->append(batch("good", minute)));
    }
    ASSERT_TRUE(store->close());
    std::ofstream(path() / "hosts" / "bad.kurabe") << "rubbish";
    store = open();
    EXPECT_TRUE(store->damaged().empty());
    EXPECT_EQ(fetch(*store, "bad").error().code, ErrorCode::kDamaged);
    EXPECT_EQ(store->append(batch("bad", 9)).error().code, ErrorCode::kDamaged);
    EXPECT_TRUE(fetch(*store, "good"));
    EXPECT_TRUE(store->append(batch("good", 9)));
    EXPECT_THAT(store->hosts(), ElementsAre("bad", "good"));
    ASSERT_EQ(store->damaged().size(), 1);
    EXPECT_EQ(store->damaged()[0].host, "bad");
    EXPECT_THAT(store->damaged()[0].reason, HasSubstr("bad.kurabe: too short for an archive"));
    EXPECT_TRUE(store->checkpoint());
}

TEST_F(StoreTest, AnArchiveCutInUseIsDamagedFromThenOn) {
    const auto store = open();
    ASSERT_TRUE(store->append(batch("cut", 0)));
    ASSERT_TRUE(store->append(batch("good", 0)));
    std::filesystem::resize_file(path() / "hosts" / "cut.kurabe", 5000);
    EXPECT_EQ(store->append(batch("cut", 1)).error().code, ErrorCode::kDamaged);
    EXPECT_EQ(fetch(*store, "cut").error().code, ErrorCode::kDamaged);
    EXPECT_TRUE(store->append(batch("good", 1)));
    EXPECT_EQ(store->damaged().size(), 1);
    EXPECT_EQ(store->close().error().code, ErrorCode::kDamaged) << "it was not written";
}

// Samples of an archive that is lost are in the journal still, and stay where they can be found.
TEST_F(StoreTest, WhatCannotBeReplayedIsSetAside) {
    {
        const auto store = open();
        for (int minute = 0; minute < 4; ++minute) {
            ASSERT_TRUE(store->append(batch("lost", minute)));
            ASSERT_TRUE(store->append(batch("good", minute)));
        }
        std::filesystem::resize_file(path() / "hosts" / "lost.kurabe", 5000);
    }
    auto store = open();
    EXPECT_EQ(store->recovery().records, 4);
    EXPECT_EQ(store->recovery().samples, 8);
    EXPECT_THAT(store->recovery().complaints,
                ElementsAre(HasSubstr("lost: 8 samples of the journal cannot be stored")));
    EXPECT_EQ(fetch(*store, "good")->values[2], 1);
    ASSERT_TRUE(store->close());
    EXPECT_EQ(list_segments(path() / "journal-aside").value().size(), 1U);
    store = open();
    EXPECT_THAT(store->recovery().complaints, ElementsAre());
    EXPECT_EQ(store->recovery().records, 0);
}

// A crash, and a reader before the next writer.
TEST_F(StoreTest, AReaderSeesWhatTheJournalHas) {
    {
        const auto store = open();
        for (int minute = 0; minute < 4; ++minute) ASSERT_TRUE(store->append(batch("a", minute)));
    }
    const auto before = std::filesystem::last_write_time(path() / "hosts" / "a.kurabe");
    for (int round = 0; round < 2; ++round) {
        const auto reader = open(StoreOptions::Access::kRead);
        EXPECT_EQ(reader->recovery().records, 4);
        EXPECT_EQ(fetch(*reader, "a")->values[2], 1);
    }
    EXPECT_EQ(std::filesystem::last_write_time(path() / "hosts" / "a.kurabe"), before);
    EXPECT_EQ(open()->recovery().records, 4);
}

// An archive of another directory, whose records had higher numbers.
TEST_F(StoreTest, AnArchiveThatIsAheadOfItsJournalLosesNothing) {
    auto store = open();
    for (int minute = 0; minute < 4; ++minute) ASSERT_TRUE(store->append(batch("a", minute)));
    ASSERT_TRUE(store->close());
    std::filesystem::remove_all(path() / "journal");
    store = open();
    for (int minute = 4; minute < 8; ++minute) ASSERT_TRUE(store->append(batch("a", minute)));
    store.reset();  // as a crash
    store = open();
    EXPECT_EQ(store->recovery().records, 4);
    EXPECT_EQ(store->info({"a", "plugin", "a.gauge"})->last_update, kBegin + Seconds{7 * 60});
}

// As a backup has it: the archive is from before it grew, the journal from afterwards.
TEST_F(StoreTest, AnArchiveOfBeforeItGrewGrowsAgainFromTheJournal) {
    const auto copy = directory_.path() / "copy";
    std::filesystem::create_directories(copy / "hosts");
    const auto wide = [](int minute) {
        Batch batch{.host = "a", .samples = {}};
        for (int i = 0; i < 40; ++i) {
            batch.samples.push_back({"plugin", "m" + std::to_string(i) + ".gauge", RawValue::of(i),
                                     kBegin + Seconds{60 * minute}});
        }
        return batch;
    };
    const auto store = open();
    ASSERT_TRUE(store->append(batch("a", 0)));
    std::filesystem::copy_file(path() / "hosts/a.kurabe", copy / "hosts/a.kurabe");
    for (int minute = 1; minute < 4; ++minute) ASSERT_TRUE(store->append(wide(minute)));
    std::filesystem::copy(path() / "journal", copy / "journal");
    const auto opened = Store::open(copy, {});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_THAT((*opened)->recovery().complaints, ElementsAre());
    EXPECT_EQ((*opened)->series("a")->size(), 42);
    EXPECT_EQ((*opened)->info({"a", "plugin", "m39.gauge"})->last_update, kBegin + Seconds{180});
}

// Its records get numbers that the archive already had: it must not be taken to have them.
TEST_F(StoreTest, AnArchiveAheadOfAJournalThatNamesItIsNumberedAnew) {
    const auto copy = directory_.path() / "copy";
    std::filesystem::create_directories(copy / "hosts");
    {
        const auto store = open();
        for (int minute = 0; minute < 4; ++minute) ASSERT_TRUE(store->append(batch("a", minute)));
        std::filesystem::copy(path() / "journal", copy / "journal");
        for (int minute = 4; minute < 8; ++minute) ASSERT_TRUE(store->append(batch("a", minute)));
        ASSERT_TRUE(store->checkpoint());
        std::filesystem::copy_file(path() / "hosts/a.kurabe", copy / "hosts/a.kurabe");
    }
    {
        const auto opened = Store::open(copy, {});
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_THAT((*opened)->recovery().complaints,
                    ElementsAre(HasSubstr("a: its archive has records up to 8, the journal ends "
                                          "at 4")));
        for (int minute = 8; minute < 10; ++minute) {
            ASSERT_TRUE((*opened)->append(batch("a", minute)));
        }
    }  // as a crash
    const auto opened = Store::open(copy, {});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ((*opened)->info({"a", "plugin", "a.gauge"})->last_update, kBegin + Seconds{9 * 60});
}

TEST_F(StoreTest, SomeHostsHaveARetentionOfTheirOwn) {
    StoreOptions options;
    Retention none;  // no archive can have it
    none.rings.clear();
    options.retention_of = [none](std::string_view host) -> std::optional<Retention> {
        if (host == "short") return Retention::parse("60:2h,1h:2d").value();
        if (host == "bad") return none;
        return std::nullopt;
    };
    const auto store = Store::open(path(), options).value();
    for (const char* const host : {"short", "bad", "usual"}) {
        ASSERT_TRUE(store->append(batch(host, 0)));
    }
    EXPECT_EQ(store->retention("short")->text(), "60:7200,3600:172800");
    EXPECT_EQ(store->retention("bad")->rings, Retention::kurado().rings);
    EXPECT_EQ(store->retention("usual")->rings, Retention::kurado().rings);
}

TEST_F(StoreTest, ARecoveryKeepsToTheArchivesThatMayBeOpen) {
    StoreOptions options;
    options.open_archives_max = 4;
    {
        const auto store = Store::open(path(), options).value();
        for (int minute = 0; minute < 3; ++minute) {
            for (int host = 0; host < 20; ++host) {
                ASSERT_TRUE(store->append(batch("host" + std::to_string(host), minute)));
            }
        }
    }  // as a crash
    const auto open_files = [] {
        return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
    };
    const auto before = open_files();
    const auto store = Store::open(path(), options).value();
    EXPECT_LE(open_files() - before, 8);
    EXPECT_THAT(store->recovery().complaints, ElementsAre());
    for (int host = 0; host < 20; ++host) {
        EXPECT_EQ(store->info({"host" + std::to_string(host), "plugin", "a.gauge"})->last_update,
                  kBegin + Seconds{120});
    }
}

// A segment is gone from the beginning, so that nothing in the journal tells of it.
TEST_F(StoreTest, SamplesOfASegmentThatIsGoneAreMissed) {
    StoreOptions options;
    options.journal_segment_bytes = kSegmentBytesMin;
    {
        const auto store = Store::open(path(), options).value();
        for (int second = 0; second < 3000; ++second) {
            Batch many{.host = "a", .samples = {}};
            for (int i = 0; i < 60; ++i) {
                many.samples.push_back({"plugin", "m" + std::to_string(i) + ".gauge",
                                        RawValue::of(i), kBegin + Seconds{second}});
            }
            ASSERT_TRUE(store->append(many));
            ASSERT_TRUE(second > 0 || store->checkpoint());
        }
    }  // as a crash
    const auto segments = list_segments(path() / "journal").value();
    ASSERT_GE(segments.size(), 2);
    std::filesystem::remove(path() / "journal" / segment_name(segments.front()));
    const auto store = Store::open(path(), options).value();
    EXPECT_THAT(store->recovery().complaints,
                ElementsAre(HasSubstr("a: records of the journal before those that were applied")));
    EXPECT_EQ(store->info({"a", "plugin", "m1.gauge"})->last_update, kBegin + Seconds{2999});
}

// What was accepted into files without a name would end with the process.
TEST_F(StoreTest, NothingIsAcceptedIntoADirectoryThatWasRemoved) {
    StoreOptions options;
    options.commit_interval = {};
    const auto store = Store::open(path(), options).value();
    for (int minute = 0; minute < 4; ++minute) ASSERT_TRUE(store->append(batch("a", minute)));
    std::filesystem::remove_all(path());
    EXPECT_FALSE(store->append(batch("a", 4)));
    const auto refused = store->append(batch("a", 5));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kDamaged);
    EXPECT_THAT(refused.error().message, HasSubstr("removed while it was in use"));
    EXPECT_FALSE(store->append(batch("b", 5)));
    EXPECT_TRUE(
        store->fetch({"a", "plugin", "a.gauge"}, {.start = kBegin, .end = kBegin + Seconds{180}}));
}

// Pages of its own take the rows that a writer would have to save first.
TEST_F(StoreTest, AReaderAppliesTheJournalToAnOlderArchive) {
    StoreOptions options;
    options.retention.rings = {{1, 10, {Cf::kAverage}}};
    options.values_per_run = 4;
    const auto archive = path() / "hosts" / "a.kurabe";
    {
        const auto store = Store::open(path(), options).value();
        ASSERT_TRUE(store->append(batch("a", 0)));
        ASSERT_TRUE(store->checkpoint());
        ASSERT_TRUE(store->append(batch("a", 1)));
        std::filesystem::copy_file(archive, path() / "older");
        for (int minute = 2; minute <= 30; ++minute) {
            ASSERT_TRUE(store->append(batch("a", minute)));
        }
    }  // as a crash
    std::filesystem::rename(path() / "older", archive);
    options.access = StoreOptions::Access::kRead;
    const auto reader = Store::open(path(), options).value();
    EXPECT_THAT(reader->recovery().complaints, ElementsAre());
    EXPECT_EQ(reader->info({"a", "plugin", "a.gauge"})->last_update, kBegin + Seconds{60 * 30});
}

TEST_F(StoreTest, AnInsertedSeriesIsSavedBeforeTheNextSample) {
    auto store = open();
    for (int minute = 0; minute < 4; ++minute) ASSERT_TRUE(store->append(batch("a", minute)));
    ASSERT_TRUE(store->insert("b", store->copy({"a", "plugin", "a.gauge"}).value()));
    ASSERT_TRUE(store->append(batch("b", 4)));
    store.reset();  // as a crash
    store = open();
    EXPECT_THAT(store->recovery().complaints, ElementsAre());
    EXPECT_EQ(store->series("b")->size(), 2);
    EXPECT_EQ(store->info({"b", "plugin", "a.gauge"})->last_update, kBegin + Seconds{4 * 60});
}

TEST_F(StoreTest, ABatchOfAnySizeIsStored) {
    auto store = open();
    Batch large{.host = "a", .samples = {}};
    for (int minute = 0; minute < 60'000; ++minute) {
        for (Sample& sample : batch("a", minute, minute).samples) {
            large.samples.push_back(std::move(sample));
        }
    }
    EXPECT_EQ(store->append(large)->stored, 120'000);
    store.reset();  // as a crash
    store = open();
    EXPECT_GT(store->recovery().records, 1);
    EXPECT_EQ(store->recovery().samples, 120'000);
}

TEST_F(StoreTest, ASampleOfTheFutureHarmsNothing) {
    StoreOptions options;
    options.now = [] { return kBegin; };
    options.future_max = Seconds{600};
    const auto store = Store::open(path(), options).value();
    EXPECT_EQ(store->append(batch("ahead", 11))->refused_count, 2);
    EXPECT_TRUE(store->hosts().empty()) << "no archive for nothing";
    EXPECT_EQ(store->append(batch("a", 10))->stored, 2);
    Batch mixed = batch("b", 0);
    mixed.samples[0].time += std::chrono::years{100};
    const auto report = store->append(mixed);
    EXPECT_EQ(report->stored, 1);
    ASSERT_EQ(report->refused.size(), 1);
    EXPECT_THAT(report->refused[0].message, HasSubstr("is in the future: up to 1700000700"));
    EXPECT_EQ(store->append(batch("b", 1))->stored, 2);
}

TEST_F(StoreTest, FewArchivesAreOpenAtATime) {
    StoreOptions options;
    options.open_archives_max = 16;
    const auto store = Store::open(path(), options).value();
    const auto open_files = [] {
        return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
    };
    const auto before = open_files();
    for (int minute = 0; minute < 3; ++minute) {
        for (int host = 0; host < 50; ++host) {
            const std::string name = "host" + std::to_string(host);
            ASSERT_EQ(store->append(batch(name, minute, host))->stored, 2);
        }
    }
    EXPECT_LE(open_files() - before, 20);
    for (int host = 0; host < 50; ++host) {
        EXPECT_EQ(fetch(*store, "host" + std::to_string(host))->values[1], host);
    }
    EXPECT_LE(open_files() - before, 20);
}

// The hosts before the limit are there for the undefined behaviour sanitizer: it opens a pipe when
// it sees an object's type for the first time, and takes the object for a bad one when it cannot.
TEST_F(StoreTest, TooManyOpenFilesIsAnErrorThatPasses) {
    const auto store = open();
    ASSERT_TRUE(store->append(batch("before", 0)));
    ASSERT_TRUE(store->append(batch("too", 0)));  // which commits a record
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const rlimit few{3, before.rlim_max};  // as many as are open anyway
    setrlimit(RLIMIT_NOFILE, &few);
    const auto refused = store->append(batch("a", 0));
    setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
    EXPECT_THAT(refused.error().message, HasSubstr("raise the limit of open files"));
    EXPECT_TRUE(store->append(batch("a", 0)));
}

TEST_F(StoreTest, ASeriesCanBePutIntoAnotherHost) {
    auto store = open();
    for (int minute = 0; minute < 4; ++minute) {
        ASSERT_TRUE(store->append(batch("web1", minute, minute)));
    }
    EXPECT_EQ(store->retention("web2").error().code, ErrorCode::kNotFound);
    EXPECT_EQ(store->copy({"web1", "plugin", "none"}).error().message,
              "no such series: web1/plugin/none");
    SeriesCopy copy = store->copy({"web1", "plugin", "a.gauge"}).value();
    ASSERT_TRUE(store->insert("web2", copy));
    EXPECT_EQ(store->retention("web2").value(), store->retention("web1").value());
    EXPECT_EQ(fetch(*store, "web2")->values[2], 3);
    EXPECT_FALSE(store->insert("web2", copy)) << "there is one of that name";
    copy.column.key = "no type";
    EXPECT_FALSE(store->insert("web3", copy));
    EXPECT_THAT(store->hosts(), ElementsAre("web1", "web2")) << "nothing is made for it";
    ASSERT_TRUE(store->close());
    store = open(StoreOptions::Access::kRead);
    EXPECT_EQ(fetch(*store, "web2")->values[2], 3);
    EXPECT_EQ(store->insert("web2", copy).error().code, ErrorCode::kInvalid);
}

TEST_F(StoreTest, ManyThreadsAppendAndReadAtOnce) {
    const auto store = open();
    constexpr int kMinutes = 200;
    std::vector<std::thread> threads;
    for (const char* host : {"a", "b"}) {
        threads.emplace_back([&, host] {
            for (int minute = 0; minute < kMinutes; ++minute) {
                EXPECT_TRUE(store->append(batch(host, minute, minute)));
            }
        });
        threads.emplace_back([&, host] {
            for (int i = 0; i < kMinutes; ++i) {
                const auto fetched = fetch(*store, host);
                if (!fetched) continue;  // the first sample is still to come
                for (std::size_t row = 0; row < 3; ++row) {
                    const Value value = fetched->values[row];
                    EXPECT_TRUE(is_unknown(value) || value == static_cast<double>(row + 1));
                }
            }
        });
    }
    threads.emplace_back([&] {
        for (int i = 0; i < 10; ++i) EXPECT_TRUE(store->checkpoint());
    });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(fetch(*store, "b")->values[2], 3);
}

}  // namespace
}  // namespace kurabe::store

/* SPDX-License-Identifier: Apache-2.0
 *
 * Two servers of Debian's clickhouse-server as two shards on the loopback interface, started and
 * killed by the test. Where there is none the test says so and is skipped.
 */
#include "unit.h"

#include "store_samples.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FLOWS_DEFAULT = 20000, SHARDS = 2, SKIPPED = 77, PORTS = 3 };

static const char program[] = "/usr/sbin/clickhouse-server";
static const int64_t span_ns = INT64_C(10) * 1000000000 * 1000;

/* `./dev bench clickhouse` asks for a million. */
static uint64_t all_flows(void)
{
    const char *word = getenv("PORTSCOPE_STORE_FLOWS");
    return word ? strtoull(word, NULL, 10) : FLOWS_DEFAULT;
}

enum { PORT_HTTP, PORT_TCP, PORT_BETWEEN };

struct shard {
    uint16_t ports[PORTS];
    pid_t pid;
};

struct cluster {
    struct shard shards[SHARDS];
    char folder[256];
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* A port that is free now: the kernel names it. */
static uint16_t free_port(void)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(socket_, (const struct sockaddr *)&place, size), 0);
    assert_int_equal(getsockname(socket_, (struct sockaddr *)&place, &size), 0);
    close(socket_);
    return ntohs(place.sin_port);
}

static void write_users(const struct cluster *cluster)
{
    char path[300];
    snprintf(path, sizeof path, "%s/users.xml", cluster->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("<?xml version=\"1.0\"?><yandex><profiles><default>"
          "<max_memory_usage>2000000000</max_memory_usage></default></profiles><users><default>"
          "<password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>"
          "<quota>default</quota></default></users><quotas><default/></quotas></yandex>",
          file);
    assert_int_equal(fclose(file), 0);
}

static void write_replicas(const struct cluster *cluster, FILE *file)
{
    fputs("<remote_servers><flows>", file);
    for (size_t i = 0; i < SHARDS; i++)
        fprintf(file, "<shard><replica><host>127.0.0.1</host><port>%u</port></replica></shard>",
                (unsigned)cluster->shards[i].ports[PORT_TCP]);
    fputs("</flows></remote_servers>", file);
}

static void write_config(const struct cluster *cluster, size_t number)
{
    char path[300];
    const struct shard *shard = &cluster->shards[number];
    snprintf(path, sizeof path, "%s/n%zu", cluster->folder, number);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/n%zu/config.xml", cluster->folder, number);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "<?xml version=\"1.0\"?><yandex><logger><level>warning</level>"
            "<log>%s/n%zu/server.log</log><errorlog>%s/n%zu/error.log</errorlog></logger>"
            "<http_port>%u</http_port><tcp_port>%u</tcp_port>"
            "<interserver_http_port>%u</interserver_http_port>"
            "<interserver_http_host>127.0.0.1</interserver_http_host>"
            "<listen_host>127.0.0.1</listen_host><path>%s/n%zu/data/</path>"
            "<tmp_path>%s/n%zu/scratch/</tmp_path><users_config>%s/users.xml</users_config>"
            "<default_profile>default</default_profile>"
            "<default_database>default</default_database><timezone>UTC</timezone>"
            "<mark_cache_size>67108864</mark_cache_size>",
            cluster->folder, number, cluster->folder, number, (unsigned)shard->ports[PORT_HTTP],
            (unsigned)shard->ports[PORT_TCP], (unsigned)shard->ports[PORT_BETWEEN], cluster->folder,
            number, cluster->folder, number, cluster->folder);
    write_replicas(cluster, file);
    fputs("</yandex>", file);
    assert_int_equal(fclose(file), 0);
}

static bool answers(uint16_t port)
{
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_there = connect(socket_, (const struct sockaddr *)&place, sizeof place) == 0;
    close(socket_);
    return is_there;
}

static void wait_for(const struct shard *shard)
{
    const struct timespec tenth = {0, 100000000};
    for (int i = 0; i < 600 && !answers(shard->ports[PORT_HTTP]); i++)
        nanosleep(&tenth, NULL);
    assert_true(answers(shard->ports[PORT_HTTP]));
}

static void start(struct cluster *cluster, size_t number)
{
    char config[320];
    struct shard *shard = &cluster->shards[number];
    snprintf(config, sizeof config, "--config-file=%s/n%zu/config.xml", cluster->folder, number);
    shard->pid = fork();
    assert_true(shard->pid >= 0);
    if (shard->pid == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execl(program, program, config, (char *)NULL);
        _exit(127);
    }
    wait_for(shard);
}

static void stop(struct shard *shard)
{
    if (shard->pid <= 0)
        return;
    kill(shard->pid, SIGKILL);
    waitpid(shard->pid, NULL, 0);
    shard->pid = 0;
}

static int set_up(void **state)
{
    struct cluster *cluster = calloc(1, sizeof *cluster);
    char path[256], whole[256];
    if (sample_make_folder(state) != 0 || !getcwd(whole, sizeof whole / 2))
        return -1;
    snprintf(cluster->folder, sizeof cluster->folder, "%.150s/%.100s", whole,
             sample_path(".", path));
    write_users(cluster);
    for (size_t i = 0; i < SHARDS * PORTS; i++)
        cluster->shards[i / PORTS].ports[i % PORTS] = free_port();
    for (size_t i = 0; i < SHARDS; i++)
        write_config(cluster, i);
    for (size_t i = 0; i < SHARDS; i++)
        start(cluster, i);
    *state = cluster;
    return 0;
}

static int tear_down(void **state)
{
    struct cluster *cluster = *state;
    for (size_t i = 0; i < SHARDS; i++)
        stop(&cluster->shards[i]);
    free(cluster);
    return sample_remove_folder(state);
}

static struct store *open_store(const char *target, enum store_mode mode)
{
    struct error error = {0};
    const struct store_options options = {.target = target, .mode = mode, .now_ns = now_ns};
    struct store *store = store_open(&options, &error);
    if (!store)
        fail_msg("%s", error.text);
    return store;
}

static const char *target_of(const struct cluster *cluster, size_t shard, const char *more,
                             char out[600])
{
    snprintf(out, 600, "clickhouse://127.0.0.1:%u/night?cluster=flows%s",
             (unsigned)cluster->shards[shard].ports[PORT_HTTP], more);
    return out;
}

static void fill(struct store *store, uint64_t from, uint64_t to)
{
    struct error error = {0};
    for (uint64_t i = from; i < to; i++) {
        struct store_flow flow = sample_store_flow(i, 2 * all_flows(), span_ns);
        if (!store_add_flow(store, &flow, &error))
            fail_msg("%s", error.text);
    }
    if (!store_commit(store, &error))
        fail_msg("%s", error.text);
}

static uint64_t count_flows(struct store *store)
{
    uint64_t count = 0;
    struct error error;
    const struct store_filter all = {0};
    return store_count_flows(store, &all, &count, &error) ? count : 0;
}

/* Distributed tables send in the background. */
static uint64_t count_at_last(struct store *store, uint64_t expected)
{
    const struct timespec tenth = {0, 100000000};
    for (int i = 0; i < 3000 && count_flows(store) < expected; i++)
        nanosleep(&tenth, NULL);
    return count_flows(store);
}

static void add_findings(struct store *store)
{
    struct store_finding finding = sample_store_finding();
    struct error error;
    finding.title = "tab\there, line\nthere, back\\slash, 'quote'";
    assert_true(store_add_finding_row(store, &finding, &error));
    finding.count = 9;
    finding.stored_ns++;
    assert_true(store_add_finding_row(store, &finding, &error));
    assert_true(store_commit(store, &error));
}

static void both_stores_give_the_same_answers(void **state)
{
    const struct cluster *cluster = *state;
    char target[600];
    struct text of_sqlite = {0}, of_clickhouse = {0};
    assert_true(store_close(open_store(target_of(cluster, 1, "", target), STORE_CREATE), NULL));
    struct store *clickhouse = open_store(target_of(cluster, 0, "", target), STORE_CREATE);
    struct store *sqlite = open_store(":memory:", STORE_APPEND);
    fill(clickhouse, 0, all_flows());
    fill(sqlite, 0, all_flows());
    add_findings(clickhouse);
    add_findings(sqlite);
    assert_int_equal(count_at_last(clickhouse, all_flows()), all_flows());
    sample_print_everything(sqlite, &of_sqlite);
    sample_print_everything(clickhouse, &of_clickhouse);
    assert_string_equal(text_words(&of_sqlite), text_words(&of_clickhouse));
    text_free(&of_sqlite);
    text_free(&of_clickhouse);

    struct error error;
    const struct store_acknowledgement said = {
        .finding_id = "00112233445566aa", .by = "ana", .comment = "it's\na test", .at_ns = 5};
    int64_t reviewed = 0;
    assert_true(store_acknowledge(clickhouse, &said, &error));
    assert_true(store_mark_reviewed(clickhouse, 77, &error));
    const struct timespec second = {1, 0};
    nanosleep(&second, NULL);
    assert_true(store_last_review(clickhouse, &reviewed, &error));
    assert_int_equal(reviewed, 77);
    assert_true(store_close(clickhouse, NULL));
    assert_true(store_close(sqlite, NULL));
}

/* The server that is written to spools for the other one, which is killed and comes back. */
static void a_shard_that_dies_loses_nothing(void **state)
{
    struct cluster *cluster = *state;
    char target[600];
    struct store *store = open_store(target_of(cluster, 0, "", target), STORE_APPEND);
    stop(&cluster->shards[1]);
    fill(store, all_flows(), all_flows() + 3000);
    start(cluster, 1);
    assert_int_equal(count_at_last(store, all_flows() + 3000), all_flows() + 3000);
    assert_true(store_close(store, NULL));
}

/* The server that is written to dies itself: batches wait on our disk, also for another process. */
static void what_an_absent_server_misses_waits_on_disk(void **state)
{
    struct cluster *cluster = *state;
    char target[600], more[300];
    snprintf(more, sizeof more, "&spill=%s/spill", cluster->folder);
    target_of(cluster, 0, more, target);
    struct store *store = open_store(target, STORE_APPEND);
    stop(&cluster->shards[0]);
    fill(store, all_flows() + 3000, all_flows() + 5000);
    assert_true(store_close(store, NULL));
    start(cluster, 0);
    store = open_store(target, STORE_APPEND);
    fill(store, all_flows() + 5000, all_flows() + 6000);
    assert_int_equal(count_at_last(store, all_flows() + 6000), all_flows() + 6000);
    assert_true(store_close(store, NULL));
}

static void without_a_spill_what_is_lost_is_told(void **state)
{
    struct cluster *cluster = *state;
    char target[600];
    struct error error = {0};
    struct store *store = open_store(target_of(cluster, 0, "", target), STORE_APPEND);
    stop(&cluster->shards[0]);
    struct store_flow flow = sample_store_flow(1, all_flows(), span_ns);
    assert_true(store_add_flow(store, &flow, &error));
    assert_false(store_commit(store, &error));
    assert_true(error.text[0] != '\0');
    assert_true(store_close(store, NULL));
}

int main(void)
{
    if (access(program, X_OK) != 0) {
        puts("skipped: clickhouse-server is not installed");
        return SKIPPED;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_stores_give_the_same_answers),
        cmocka_unit_test(a_shard_that_dies_loses_nothing),
        cmocka_unit_test(what_an_absent_server_misses_waits_on_disk),
        cmocka_unit_test(without_a_spill_what_is_lost_is_told),
    };
    return cmocka_run_group_tests_name("clickhouse store", tests, set_up, tear_down);
}

// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Programs of the distribution, as they are, on a region. */
@QemuTest
class ProgramsIT {

    private static final PhysicalRange REGION = new PhysicalRange(MemoryLayout.HIGH, 4 * MemoryLayout.GIB);

    /** With dash, since busybox's shell takes its own applets for what has the same name. */
    private static final String[] PACKAGES = {
        "dash", "coreutils", "diffutils", "tar", "rsync", "sqlite3", "lmdb-utils", "fio", "stress-ng"
    };

    private static final int ROWS = 2000;

    /** What LMDB's tools read and write: keys and values, in hexadecimal digits. */
    private static final String PAIRS =
            "{ printf 'VERSION=3\\nformat=bytevalue\\ntype=btree\\nmapsize=67108864\\nHEADER=END\\n';"
                    + " seq -f ' %08.0f' 1 2000 | while read -r i; do echo \" $i\"; echo \" $i$i$i\"; done; echo DATA=END; }"
                    + " >/tmp/pairs";

    private static final String INSERT = "i=0; while :; do i=$((i+1));"
            + " sqlite3 busy.db \"insert into t values($i, hex(randomblob(500)))\" && echo $i >>inserted || exit; done";

    private static final String LOAD = "while mdb_load -f /tmp/pairs lmdb; do echo . >>loaded; done";

    @Test
    @Tag("long")
    void what_programs_left_is_whole_in_the_next_kernel(VmBuilder builder, KernelSpec kernel, KernelList kernels) {
        KernelSpec next = other(kernel, kernels);
        try (Vm vm = builder.packages(PACKAGES)
                .region(REGION)
                .processors(2)
                .carrying(List.of(next))
                .start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            copies(vm);
            vm.run(JavaFiles.class, None.NONE);
            databases(vm);
            List<String> quiet = vm.run(Churn.Look.class, "copies");
            List<String> java = vm.run(Churn.Look.class, "java");
            ok(vm, "(" + INSERT + ") >/dev/null 2>&1 & (" + LOAD + ") >/dev/null 2>&1 &");
            ok(vm, "until [ -s inserted ] && [ -s loaded ]; do sleep 0.1; done");

            vm.kexec(vm.otherKernel(next));

            Inside.mount(vm);
            assertThat(vm.run(Churn.Look.class, "copies")).isEqualTo(quiet);
            assertThat(vm.run(Churn.Look.class, "java")).isEqualTo(java);
            sameDatabases(vm);
            ok(vm, "rsync -a --checksum --delete copies/cp/ copies/rsync/ && diff -r copies/cp copies/rsync");
        }
    }

    private static KernelSpec other(KernelSpec kernel, KernelList kernels) {
        return kernels.specs().stream()
                .filter(spec -> !spec.version().equals(kernel.version()))
                .max(Comparator.comparing(spec -> kernels.specs().indexOf(spec)))
                .orElse(kernel);
    }

    private static void copies(Vm vm) {
        ok(vm, "mkdir copies && cp -a /jre/lib copies/cp && diff -r /jre/lib copies/cp");
        ok(vm, "rsync -a --preallocate copies/cp/ copies/rsync/ && diff -r copies/cp copies/rsync");
        ok(vm, "rsync -ac --inplace --delete --itemize-changes /jre/lib/ copies/rsync/ | { ! grep -v '^[.]d'; }");
        ok(vm, "tar -C copies -cf copies/tar.tar cp && mkdir copies/tar && tar -C copies/tar -xf copies/tar.tar");
        ok(vm, "diff -r copies/cp copies/tar/cp && tar -C copies --compare -f copies/tar.tar");
        ok(vm, "dd if=/dev/urandom of=copies/dd bs=1M count=8 oflag=sync");
        ok(vm, "dd if=copies/dd of=copies/dd2 bs=5000 conv=notrunc,fsync,sparse && cmp copies/dd copies/dd2");
        ok(vm, "dd if=copies/dd of=copies/dd2 bs=4096 skip=100 seek=300 count=200 conv=notrunc,fdatasync");
        ok(vm, "cmp -n 819200 -i 409600:1228800 copies/dd copies/dd2 && sync copies/dd2 && sync -f copies");
    }

    private static void databases(Vm vm) {
        String rows = "with recursive c(x) as (select 1 union all select x+1 from c where x<" + ROWS + ")"
                + " insert into t select x, hex(randomblob(200)) from c;";
        for (String mode : List.of("wal", "delete", "truncate", "persist")) {
            ok(
                    vm,
                    "sqlite3 " + mode + ".db 'pragma journal_mode=" + mode + "; pragma mmap_size=16777216;"
                            + " create table t(i integer primary key, b text); create index b on t(b); " + rows
                            + " begin; delete from t; rollback; vacuum;'");
            ok(vm, "sqlite3 " + mode + ".db .dump >" + mode + ".dump");
        }
        ok(vm, "sqlite3 busy.db 'pragma journal_mode=wal; create table t(i integer primary key, b text);'");
        ok(vm, PAIRS + "; mkdir lmdb copied && mdb_load -f /tmp/pairs lmdb && mdb_copy -c lmdb copied");
        ok(vm, "mdb_dump lmdb >lmdb.dump && mdb_dump copied | diff lmdb.dump -");
    }

    /** Two more were written while the kernel was left: everything that had returned is there, and nothing is half there. */
    private static void sameDatabases(Vm vm) {
        for (String mode : List.of("wal", "delete", "truncate", "persist")) {
            assertThat(ok(vm, "sqlite3 " + mode + ".db 'pragma integrity_check; select count(*) from t;'"))
                    .isEqualTo("ok\n" + ROWS);
            ok(vm, "sqlite3 " + mode + ".db .dump | diff " + mode + ".dump -");
        }
        assertThat(ok(vm, "sqlite3 busy.db 'pragma integrity_check;'")).isEqualTo("ok");
        int said = Integer.parseInt(ok(vm, "tail -n 1 inserted"));
        int found = Integer.parseInt(ok(vm, "sqlite3 busy.db 'select count(*) from t;'"));
        assertThat(found).isBetween(said, said + 1);
        ok(
                vm,
                "mdb_stat -e lmdb && mdb_dump lmdb | diff lmdb.dump - && mdb_load -f lmdb.dump copied && mdb_stat copied");
    }

    @Test
    void programs_that_test_file_systems_find_nothing(VmBuilder builder, TestReporter reporter) {
        try (Vm vm = builder.packages(PACKAGES).region(REGION).processors(2).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            Inside.Health empty = vm.run(Inside.Describe.class, None.NONE);
            for (String engine : List.of("psync", "pvsync2", "mmap", "libaio", "io_uring")) {
                ok(
                        vm,
                        "fio --name=" + engine + " --ioengine=" + engine + " --directory=. --size=6M --rw=randrw"
                                + " --bsrange=512-32k --bs_unaligned --verify=crc32c --verify_fatal=1 --numjobs=2"
                                + " --iodepth=4 --minimal");
            }
            Map<String, Integer> exercised = vm.run(Exerciser.class, new Exerciser.Args("exercised", 1, 6000));
            exercised.forEach((operation, times) -> reporter.publishEntry(operation, Integer.toString(times)));
            assertThat(exercised).containsKeys("READ", "WRITE", "MAPPED_READ", "MAPPED_WRITE", "TRUNCATE", "ALLOCATE");
            stress(vm, reporter);
            vm.sh("rm -r " + Mounting.POINT + "/*");
            Inside.mountAgain(vm);
            assertThat(vm.run(Inside.Describe.class, None.NONE)).isEqualTo(empty);
        }
    }

    /** Each at work in a process of its own, all at once. */
    private static void stress(Vm vm, TestReporter reporter) {
        String all =
                "access chmod chown dentry dir dirdeep dirmany fallocate fcntl filename flock fpunch fstat getdent hdd"
                        + " inotify iomix locka lockf lockofd mmap msync open rename seek sendfile splice sync-file touch"
                        + " utime";
        String words = Pattern.compile(" ")
                .splitAsStream(all)
                .map(name -> " --" + name + " 1")
                .reduce("", String::concat);
        String said = ok(
                vm,
                "stress-ng --temp-path . --verify --timeout 20 --metrics-brief --mmap-file --mmap-bytes 4M --hdd-bytes 4M"
                        + " --iomix-bytes 4M --fallocate-bytes 4M --sync-file-bytes 4M --msync-bytes 4M"
                        + " --dir-dirs 500 --dentries 500" + words + " 2>&1");
        assertThat(said).doesNotContainPattern("(?m) (fail|error): ");
        long operations = Pattern.compile("metrc: \\[\\d+] [a-z-]+ +(\\d+) ")
                .matcher(said)
                .results()
                .map(MatchResult::group)
                .mapToLong(line -> Long.parseLong(line.replaceAll("^.* (\\d+) $", "$1")))
                .sum();
        reporter.publishEntry("operations of stress-ng", Long.toString(operations));
        assertThat(operations).isPositive();
    }

    private static String ok(Vm vm, String command) {
        var output = vm.sh("cd " + Mounting.POINT + " && {\n" + command + "\n}");
        assertThat(output.exitCode()).as("%s: %s", command, output.output()).isZero();
        return output.output();
    }
}

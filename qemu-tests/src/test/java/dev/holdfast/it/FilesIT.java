// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.junit.QemuTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The region as a file system: what ordinary programs do with it, and that it persists. */
@QemuTest
@Tag("debug-kernel")
class FilesIT {

    @Test
    void ordinary_commands_work_and_what_they_did_persists(Vm vm) {
        mount(vm);
        ok(vm, "mkdir -p a/b/c; echo one > a/one; echo two > a/b/two; cat a/one >> a/b/two; chmod 640 a/one");
        ok(vm, "chown 12:34 a/b/two; touch -d '2001-02-03 04:05:06' a/b/two; cp -r a copy; mv a/b/c a/c");
        ok(vm, "mv a/one a/b/two2; mv copy/one copy/b/two; rm a/b/two2; rmdir a/c; mkdir empty; chmod 1777 empty");
        ok(vm, "truncate -s 10000 long; fallocate -l 50000 long2; dd if=/bin/busybox of=box bs=64k 2>/dev/null");
        assertThat(vm.sh("cd " + Mounting.POINT + "; rmdir a 2>&1; mkdir empty 2>&1; rm nothing 2>&1; ln box hard 2>&1")
                        .output())
                .contains("Directory not empty", "File exists", "No such file", "not permitted");
        assertThat(ok(vm, "cat copy/b/two; cat a/b/two")).isEqualTo("one\ntwo\none");
        assertThat(ok(vm, "cmp box /bin/busybox && wc -c < long")).isEqualTo("10000");
        List<String> before = vm.run(Churn.Look.class, ".");
        assertThat(String.join("\n", before)).contains("uid=12", "gid=34", "lastModifiedTime=2001-02-03T04:05:06Z");

        vm.kexec();
        vm.run(Mounting.class, vm.region());

        assertThat(vm.run(Churn.Look.class, ".")).isEqualTo(before);
        assertThat(ok(vm, "stat -c '%a %U:%G %s' empty a/b/two; cmp box /bin/busybox && echo same"))
                .endsWith("same")
                .startsWith("1777 ");
    }

    @Test
    void statfs_and_permissions_are_what_they_should_be(Vm vm) {
        mount(vm);
        assertThat(ok(vm, "stat -f -c '%s %l %c' .")).isEqualTo("4096 255 4096");
        long free = Long.parseLong(ok(vm, "stat -f -c %f ."));
        ok(vm, "fallocate -l 1048576 file");
        assertThat(Long.parseLong(ok(vm, "stat -f -c %f ."))).isEqualTo(free - 256);
        ok(vm, "rm file");
        assertThat(Long.parseLong(ok(vm, "stat -f -c %f ."))).isEqualTo(free);

        ok(vm, "echo secret > private; chmod 600 private; mkdir locked; chmod 700 locked");
        for (String forbidden : List.of("cat private", "touch new", "ls locked", "rm private", "chmod 666 private")) {
            assertThat(vm.sh("cd " + Mounting.POINT + " && su nobody -c '" + forbidden + "'"))
                    .satisfies(output -> {
                        assertThat(output.exitCode()).isNotZero();
                        assertThat(output.output()).containsPattern("Permission denied|Operation not permitted");
                    });
        }
        assertThat(ok(vm, "cat private")).isEqualTo("secret");
    }

    @Test
    void a_file_that_is_removed_while_open_keeps_its_memory_until_it_is_closed(Vm vm) {
        mount(vm);
        long free = Long.parseLong(ok(vm, "stat -f -c %f ."));
        String script = "exec 5<>open; echo still here >&5; rm open; echo new > open; cat /proc/self/fd/5; cat open;"
                + " stat -f -c %f .; exec 5>&-; rm open";
        assertThat(ok(vm, script)).isEqualTo("still here\nnew\n" + (free - 2));
        assertThat(Long.parseLong(ok(vm, "stat -f -c %f ."))).isEqualTo(free);
    }

    @Test
    void memory_that_a_file_gave_back_is_clear_when_another_gets_it(Vm vm) {
        mount(vm);
        ok(vm, "yes canary | head -c 20000000 > first; rm first; fallocate -l 30000000 second");
        assertThat(ok(vm, "grep -c canary second || true")).isEqualTo("0");
        assertThat(ok(vm, "tr -d '\\0' < second | wc -c")).isEqualTo("0");
    }

    /** Calls truncate(2), which Java and the shell do not; tells the time of the last change before and after, in ms. */
    static final class Truncate implements GuestTask<Long, List<Long>> {
        @Override
        public List<Long> run(Long size, Progress progress) throws IOException {
            Path file = Mounting.POINT.resolve("truncated");
            Files.writeString(file, "content");
            Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
            int failed = Function.getFunction("c", "truncate")
                    .invokeInt(new Object[] {file.toString(), new NativeLong(size)});
            return List.of(
                    (long) failed,
                    Files.size(file),
                    Files.getLastModifiedTime(file).toMillis());
        }
    }

    @Test
    void truncating_by_name_changes_size_and_times(Vm vm) {
        mount(vm);

        List<Long> result = vm.run(Truncate.class, 10_000L);

        assertThat(result.subList(0, 2)).containsExactly(0L, 10_000L);
        assertThat(result.get(2)).isGreaterThan(1000);
    }

    private static void mount(Vm vm) {
        vm.run(Formatting.class, vm.region());
        vm.run(Mounting.class, vm.region());
    }

    private static String ok(Vm vm, String command) {
        var output = vm.sh("cd " + Mounting.POINT + " && { " + command + "; }");
        assertThat(output.exitCode()).as("%s: %s", command, output.output()).isZero();
        return output.output();
    }
}

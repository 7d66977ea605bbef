// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Finding;
import dev.holdfast.Kexec;
import dev.holdfast.KexecCommandLine;
import dev.holdfast.KexecImage;
import dev.holdfast.PreflightException;
import dev.holdfast.Region;
import dev.holdfast.liveupdate.LiveUpdate;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What would go wrong in a live update is found before it: each thing is made true on a host, and found there. */
@QemuTest
class LiveUpdateCheckIT {

    @Test
    void what_is_in_the_way_of_an_update_is_found(VmBuilder builder) {
        try (Vm vm = builder.start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            String release = vm.boot().release();

            assertThat(vm.run(OfTheNextKernel.class, release))
                    .containsExactly(
                            "as it should be: []",
                            "no module: [NO_MODULE]",
                            "truncated: [UNREADABLE]",
                            "larger than memory: [TOO_LARGE]",
                            "not carried: [NOT_RESERVED]",
                            "accepted: passes [NO_MODULE]",
                            "many ranges: passes [NO_KASLR]");
            assertThat(vm.run(OfMappings.class, release))
                    .containsExactly(
                            "mapped by this process: []",
                            "private: [PRIVATE_MAPPING]",
                            "mapped by another: [NOT_QUIESCED]",
                            "it has ended: []");
            vm.sh("mount -t securityfs none /sys/kernel/security; echo integrity > /sys/kernel/security/lockdown");
            assertThat(vm.run(UnderLockdown.class, release))
                    .containsExactly(
                            "signed: passes [NOT_UNPACKED]",
                            "not signed: [UNSIGNED]",
                            "refused: EKEYREJECTED",
                            "loaded: false");
        }
    }

    /** Says which findings block, or which are told at all if none does. */
    private static String blocking(String what, LiveUpdate update) {
        List<Finding> findings = update.check().findings();
        List<Finding.Kind> blocking =
                findings.stream().filter(Finding::blocking).map(Finding::kind).toList();
        return blocking.isEmpty() && !findings.isEmpty()
                ? what + ": passes " + findings.stream().map(Finding::kind).toList()
                : what + ": " + blocking;
    }

    private static Path kernel(String release) {
        return Path.of("/boot", release, "vmlinuz");
    }

    private static Path initrd(String release) {
        return Path.of("/boot", release, "initrd");
    }

    private static LiveUpdate update(String release, Path initrd, Region region) {
        return LiveUpdate.into(kernel(release), initrd).carrying(region);
    }

    /** Gives an update kernels that will not do. */
    static final class OfTheNextKernel implements GuestTask<String, List<String>> {
        @Override
        public List<String> run(String release, Progress progress) throws IOException, InterruptedException {
            Path made = Path.of("/tmp/initrd");
            try (Region region = Region.open(Mounting.POINT)) {
                String good = blocking("as it should be", update(release, initrd(release), region));

                shell("echo /tmp | cpio -o -H newc > " + made);
                String empty = blocking("no module", update(release, made, region));
                String accepted =
                        blocking("accepted", update(release, made, region).accepting(Finding.Kind.NO_MODULE));

                byte[] whole = Files.readAllBytes(initrd(release));
                Files.write(made, Arrays.copyOf(whole, whole.length / 2));
                String truncated = blocking("truncated", update(release, made, region));

                try (RandomAccessFile file = new RandomAccessFile(made.toFile(), "rw")) {
                    file.setLength(1L << 40);
                }
                String large = blocking("larger than memory", update(release, made, region));
                Files.delete(made);

                String notCarried = blocking(
                        "not carried",
                        LiveUpdate.into(kernel(release), initrd(release)).commandLine(new KexecCommandLine("quiet")));
                long far = MemoryLayout.HIGH << 6;
                String many = " memmap=1M$" + far + ",1M$" + 2 * far + ",1M$" + 3 * far + ",1M$" + 4 * far;
                String ranges = blocking(
                        "many ranges",
                        update(release, initrd(release), region)
                                .withoutUnpacking()
                                .commandLine(new KexecCommandLine(
                                        KexecCommandLine.running().text().replace("nokaslr", "") + many)));
                return List.of(good, empty, truncated, large, notCarried, accepted, ranges);
            }
        }

        private static void shell(String command) throws IOException, InterruptedException {
            Process shell = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (shell.waitFor() != 0) {
                throw new IOException(command + ": " + output);
            }
        }
    }

    /** Has a file of the region mapped. */
    static final class OfMappings implements GuestTask<String, List<String>> {
        @Override
        public List<String> run(String release, Progress progress) throws IOException, InterruptedException {
            Path file = Mounting.POINT.resolve("file");
            Files.write(file, new byte[4096]);
            try (Region region = Region.open(Mounting.POINT)) {
                LiveUpdate update = update(release, initrd(release), region);
                MappedByteBuffer shared = map(file, MapMode.READ_WRITE);
                String ours = blocking("mapped by this process", update);
                shared.put(0, (byte) 1);
                MappedByteBuffer privately = map(file, MapMode.PRIVATE);
                String copied = blocking("private", update);
                privately.put(0, (byte) 2);
                shared = null;
                privately = null;
                Inside.awaitUnmapped();

                Process other = AnotherJava.start(Mapper.class, file.toString());
                if (other.getInputStream().read() != Mapper.MAPPED) {
                    throw new IOException("the other process does not start");
                }
                String theirs = blocking("mapped by another", update);
                other.destroy();
                other.waitFor();
                return List.of(ours, copied, theirs, blocking("it has ended", update));
            }
        }
    }

    private static MappedByteBuffer map(Path file, MapMode mode) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(mode, 0, 4096);
        }
    }

    /** A process that maps a file and waits to be ended. */
    static final class Mapper {
        private static final char MAPPED = 'm';

        private Mapper() {}

        public static void main(String... arguments) throws IOException, InterruptedException {
            MappedByteBuffer mapped = map(Path.of(arguments[0]), MapMode.READ_WRITE);
            System.out.print(MAPPED);
            System.out.flush();
            Thread.currentThread().join();
            mapped.force();
        }
    }

    /** Tries kernels where signatures are asked for. */
    static final class UnderLockdown implements GuestTask<String, List<String>> {
        /** Where the PE header has the place of the certificates: from the pointer at 0x3c on. */
        private static final int CERTIFICATES = 24 + 112 + 4 * 8;

        @Override
        public List<String> run(String release, Progress progress) throws IOException {
            byte[] image = Files.readAllBytes(kernel(release));
            int header = Byte.toUnsignedInt(image[0x3c]) | Byte.toUnsignedInt(image[0x3d]) << 8;
            Arrays.fill(image, header + CERTIFICATES, header + CERTIFICATES + 8, (byte) 0);
            Path unsigned = Files.write(Path.of("/tmp/vmlinuz"), image);
            try (Region region = Region.open(Mounting.POINT)) {
                LiveUpdate good = update(release, initrd(release), region);
                LiveUpdate bad = LiveUpdate.into(unsigned, initrd(release)).carrying(region);
                return List.of(
                        blocking("signed", good),
                        blocking("not signed", bad),
                        "refused: " + refusal(bad.image()),
                        "loaded: " + Kexec.loaded());
            }
        }

        private static String refusal(KexecImage image) {
            try {
                Kexec.load(image);
                return "not at all";
            } catch (PreflightException e) {
                return e.errno().name();
            }
        }
    }
}

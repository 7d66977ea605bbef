// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Many at work in the same directories at once: {@link Owner}s, each with files of its own and a model of them, {@link Rival}s
 * that replace and remove the same few files, a shell, and {@link Onlooker}s. The listing that it returns is what any later
 * look at the tree must show.
 */
final class Storm implements GuestTask<Storm.Args, List<String>> {

    /** Where, below the mount point. */
    static final String DIRECTORY = "storm";

    /**
     * What to do.
     *
     * @param seed of the choices
     * @param operations how many for each owner and each rival
     */
    record Args(long seed, int operations) {}

    private static final int OWNERS = 3;
    private static final int RIVALS = 2;
    private static final int DIRECTORIES = 4;

    /** One round of the shell costs as much as this many operations. */
    private static final int SHELL_ROUND = 50;

    private static final String SHELL = "cd %s; i=0; while [ $i -lt %d ]; do"
            + " mkdir shell-$i && echo $i >shell-$i/file && mv shell-$i/file 0/shell && rmdir shell-$i"
            + " && cat 0/shell >>1/shell && ls -lR . >/dev/null 2>&1; stat -f . >/dev/null || exit 1;"
            + " i=$((i+1)); done; tail -n 1 1/shell; wc -l <1/shell";

    @Override
    public List<String> run(Args args, Progress progress) throws Exception {
        Path root = Files.createDirectories(Mounting.POINT.resolve(DIRECTORY));
        List<Path> directories = new ArrayList<>();
        for (int i = 0; i < DIRECTORIES; i++) {
            directories.add(Files.createDirectory(root.resolve(Integer.toString(i))));
            Files.writeString(root.resolve(i + "/" + Onlooker.ANCHOR), "always here");
        }
        List<Owner> owners = new ArrayList<>();
        for (int i = 0; i < OWNERS; i++) {
            owners.add(new Owner("owner" + i, directories, args.seed() + i, args.operations()));
        }
        rage(root, directories, owners, args, progress);

        Inside.awaitUnmapped();

        Set<Path> expected = new TreeSet<>();
        for (Owner owner : owners) {
            owner.verify();
            expected.addAll(owner.files());
        }
        List<Path> strangers = strangers(root, expected);
        if (!expected.isEmpty() || !strangers.isEmpty()) {
            throw new IllegalStateException("missing: " + expected + ", not made by anybody: " + strangers);
        }
        return Churn.listing(root);
    }

    private static void rage(Path root, List<Path> directories, List<Owner> owners, Args args, Progress progress)
            throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> onlookers = List.of(
                    threads.submit(new Onlooker(directories, over)),
                    threads.submit(new Torn(root.resolve("torn"), over)));
            List<Callable<?>> workers = new ArrayList<>(owners);
            for (int i = 0; i < RIVALS; i++) {
                workers.add(new Rival("rival" + i, directories.get(0), args.seed() + 100 + i, args.operations()));
            }
            workers.add(() -> shell(root, Math.max(1, args.operations() / SHELL_ROUND)));
            List<Future<?>> working = new ArrayList<>();
            workers.forEach(worker -> working.add(threads.submit(worker)));
            await(working, progress);
            over.set(true);
            await(onlookers, progress);
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private static void await(List<Future<?>> all, Progress progress) throws Exception {
        for (Future<?> each : all) {
            try {
                each.get();
                progress.say("storm: one has done its work");
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    private static Integer shell(Path root, int rounds) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", String.format(SHELL, root, rounds))
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (shell.waitFor() != 0 || !said.equals(rounds - 1 + "\n" + rounds)) {
            throw new IllegalStateException("the shell ended with " + shell.exitValue() + ": " + said);
        }
        return rounds;
    }

    /** Takes what is there out of {@code expected} and returns what should not be there. */
    private static List<Path> strangers(Path root, Set<Path> expected) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(path -> !expected.remove(path))
                    .filter(path ->
                            !path.getFileName().toString().matches(Onlooker.ANCHOR + "|shell|torn|contested-[0-9]"))
                    .toList();
        }
    }
}

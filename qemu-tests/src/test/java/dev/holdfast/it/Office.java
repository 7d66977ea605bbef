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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@link Clerk}s at work all at once: half of them are threads of the agent, half are threads of another process. */
final class Office {

    /** Where they work. */
    static final Path DIRECTORY = Mounting.POINT.resolve("office");

    /** Where the other region is mounted, which has their ledger. */
    static final Path ARCHIVE = Path.of("/mnt/archive");

    private static final Path LEDGER = ARCHIVE.resolve("ledger");
    private static final int CLERKS = 6;
    private static final int OF_THE_AGENT = 3;
    private static final long TURN_MILLIS = 5_000;

    private Office() {}

    /** Lets them do so many operations each, and tells how many that were a second; they must leave what the ledger says. */
    static final class Day implements GuestTask<Long, Long> {
        @Override
        public Long run(Long operations, Progress progress) throws Exception {
            long start = System.nanoTime();
            List<Future<Long>> all = open(operations);
            await(all, operations, progress);
            long millis = (System.nanoTime() - start) / 1_000_000;
            String wrong = String.join("\n", findings());
            if (!wrong.isEmpty()) {
                throw new IllegalStateException(wrong);
            }
            return CLERKS * operations * 1000 / millis;
        }
    }

    /** Sets them to work without an end, and returns when each has done so many operations. */
    static final class Rush implements GuestTask<Long, Long> {
        @Override
        public Long run(Long operations, Progress progress) throws Exception {
            await(open(Long.MAX_VALUE), operations, progress);
            return done(new Ledger(LEDGER, CLERKS));
        }
    }

    /**
     * What a look at the files and the ledger shows.
     *
     * @param operations operations that have returned
     * @param inFlight files to which something was being done
     * @param findings what is wrong
     */
    record Report(long operations, int inFlight, List<String> findings) {}

    /** Compares the files with the ledger. */
    static final class Audit implements GuestTask<Long, Report> {
        @Override
        public Report run(Long leastOperations, Progress progress) throws IOException {
            Ledger ledger = new Ledger(LEDGER, CLERKS);
            int inFlight = 0;
            for (int clerk = 0; clerk < CLERKS; clerk++) {
                for (int file = 0; file < Ledger.FILES; file++) {
                    inFlight += ledger.before(clerk, file).equals(ledger.after(clerk, file)) ? 0 : 1;
                }
            }
            List<String> findings = new ArrayList<>(findings());
            if (done(ledger) < leastOperations) {
                findings.add("the ledger has lost operations: " + done(ledger) + " of " + leastOperations);
            }
            return new Report(done(ledger), inFlight, findings);
        }
    }

    /** The clerks of another process; says when all of them are through. */
    static final class Branch {
        public static void main(String[] args) throws Exception {
            List<Future<Long>> all = employ(OF_THE_AGENT, CLERKS, Long.parseLong(args[0]));
            for (Future<Long> each : all) {
                each.get();
            }
        }
    }

    private static List<Future<Long>> open(long operations) throws IOException {
        Files.createDirectories(DIRECTORY);
        List<Future<Long>> all = new ArrayList<>(employ(0, OF_THE_AGENT, operations));
        Process branch = AnotherJava.start(Branch.class, Long.toString(operations));
        all.addAll(start(List.of(() -> {
            String said = new String(branch.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (branch.waitFor() != 0) {
                throw new IllegalStateException("the other process ended with " + branch.exitValue() + ": " + said);
            }
            return operations;
        })));
        return all;
    }

    private static List<Future<Long>> employ(int from, int to, long operations) throws IOException {
        Ledger ledger = new Ledger(LEDGER, CLERKS);
        return start(IntStream.range(from, to)
                .<Callable<Long>>mapToObj(number -> new Clerk(DIRECTORY, ledger, number, operations))
                .toList());
    }

    /** They do not keep the process alive. */
    private static List<Future<Long>> start(List<Callable<Long>> work) {
        ExecutorService threads = Executors.newCachedThreadPool(each -> {
            Thread thread = new Thread(each, "clerk");
            thread.setDaemon(true);
            return thread;
        });
        return work.stream().map(threads::submit).toList();
    }

    /** Until each has done so many operations; the first that fails ends it. */
    private static void await(List<Future<Long>> all, long operations, GuestTask.Progress progress)
            throws IOException, InterruptedException, ExecutionException {
        Ledger ledger = new Ledger(LEDGER, CLERKS);
        long told = System.nanoTime();
        while (IntStream.range(0, CLERKS).anyMatch(clerk -> ledger.operations(clerk) < operations)) {
            Thread.sleep(50);
            for (Future<Long> each : all) {
                if (each.isDone()) {
                    each.get();
                }
            }
            if (System.nanoTime() - told > TURN_MILLIS * 1_000_000) {
                told = System.nanoTime();
                progress.say("office: " + done(ledger) + " operations");
            }
        }
    }

    private static long done(Ledger ledger) {
        return IntStream.range(0, CLERKS).mapToLong(ledger::operations).sum();
    }

    private static List<String> findings() throws IOException {
        Ledger ledger = new Ledger(LEDGER, CLERKS);
        List<String> findings = new ArrayList<>();
        List<Path> known = new ArrayList<>();
        for (int number = 0; number < CLERKS; number++) {
            Clerk clerk = new Clerk(DIRECTORY, ledger, number, 0);
            clerk.findings().forEach(findings::add);
            for (int file = 0; file < Ledger.FILES; file++) {
                known.addAll(List.of(clerk.path(file, 1), clerk.path(file, 2)));
            }
        }
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            files.filter(file -> !known.contains(file) && !Clerk.mayStay(file))
                    .forEach(file -> findings.add("nobody made " + file));
        }
        return findings;
    }
}

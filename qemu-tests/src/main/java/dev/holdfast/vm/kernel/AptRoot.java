// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An apt of our own, for one release of the distribution, whatever release the host runs: its lists, its cache and its
 * (empty) status are in a directory of ours, the mirror is the one that the host uses. Needs no root; the host's own
 * packages are never touched. Signatures and checksums are checked by apt itself.
 */
public final class AptRoot {

    private static final List<Path> KEYRINGS = List.of(
            Path.of("/usr/share/keyrings/debian-archive-keyring.gpg"),
            Path.of("/usr/share/keyrings/debian-archive-keyring.pgp"));
    private static final Pattern FILE = Pattern.compile("'\\S+' (\\S+) ([0-9]+) .*");

    private static final Pattern LIBRARY = Pattern.compile("(?!libc6$|libgcc-s1$|libcrypt1$)z?lib.*");

    /** So many packages are told as they come; more are fetched at once, which is faster. */
    private static final int FEW = 12;

    private final Path directory;
    private final Report report;

    private AptRoot(Path directory, Report report) {
        this.directory = directory;
        this.report = report;
    }

    /** Sets up the directory for a release and fetches its package lists. */
    public static AptRoot refresh(Path directory, String suite, Report report) throws IOException {
        writeSources(directory, suite);
        report.say("reading the package lists of " + suite);
        return refresh(directory, report);
    }

    /** The same for the {@code sources.list} that is in the directory. */
    static AptRoot refresh(Path directory, Report report) throws IOException {
        Files.createDirectories(directory.resolve("lists/partial"));
        Files.createDirectories(directory.resolve("archives/partial"));
        Files.writeString(directory.resolve("status"), "");
        AptRoot apt = new AptRoot(directory, report);
        apt.command("apt-get", "update", "--error-on=any").run();
        return apt;
    }

    /** Writes the sources of a release into {@code sources.list} in a directory, with the mirrors of the host. */
    public static Path writeSources(Path directory, String suite) throws IOException {
        Files.createDirectories(directory);
        return Files.writeString(directory.resolve("sources.list"), sources(suite, hostTargets()));
    }

    /** The sources of a release, with the mirrors from the host's configuration, one {@code RELEASE URI} each. */
    static String sources(String suite, List<String> hostTargets) {
        String main = mirror(hostTargets, false)
                .orElseThrow(
                        () -> new HarnessException(
                                "the host's apt has no mirror of the distribution to fetch kernels from: see /etc/apt/sources.list"));
        StringBuilder sources = new StringBuilder();
        sources.append(source(main, suite));
        if (!suite.equals("sid") && !suite.endsWith("-backports")) { // which get security updates in the same place
            mirror(hostTargets, true).ifPresent(security -> sources.append(source(security, suite + "-security")));
        }
        return sources.toString();
    }

    private static Optional<String> mirror(List<String> hostTargets, boolean security) {
        Pattern release = Pattern.compile(
                security
                        ? "(bookworm|trixie|forky|stable|oldstable)-security"
                        : "bookworm|trixie|forky|stable|oldstable");
        return hostTargets.stream()
                .map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2 && release.matcher(words[0]).matches())
                .map(words -> words[1])
                .findFirst();
    }

    /** Packages alone: what else the host's programs ask of its mirrors, such as lists of contents, can fail without harm. */
    private static String source(String mirror, String release) {
        return "deb [target=Packages signed-by=" + keyring() + "] " + mirror + " " + release + " main\n";
    }

    private static Path keyring() {
        return KEYRINGS.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() ->
                        new HarnessException("no " + KEYRINGS.get(0) + ": apt-get install debian-archive-keyring"));
    }

    private static List<String> hostTargets() {
        return Command.of("apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages")
                .run();
    }

    /** The packages that a package depends on, those of the newest version. */
    public List<DebianPackage> dependencies(String name) {
        return DebianPackage.parse(show(name)).dependencies();
    }

    /** The newest version of a package. */
    public DebianPackage newest(String name) {
        return DebianPackage.parse(show(name));
    }

    /** All versions of all packages whose names match an extended regular expression. */
    List<DebianPackage> matching(String names) {
        List<String> found = command("apt-cache", "search", "--names-only", names).run().stream()
                .map(line -> line.split(" ", 2)[0])
                .toList();
        return found.isEmpty()
                ? List.of()
                : DebianPackage.parseAll(command("apt-cache", found, "show").run());
    }

    /** The package as the mirror describes it, in exactly the version that is asked for if one is. */
    DebianPackage carried(DebianPackage wanted) {
        Command.Outcome shown = command("apt-cache", "show", "--no-all-versions", wanted.exactly())
                .attempt(line -> {});
        if (shown.exitCode() != 0 || shown.lines().isEmpty()) { // apt-cache ends well where it has another version
            throw new HarnessException("the mirror's packages do not fit together: there is no " + wanted.exactly()
                    + "; try again when the mirror is up to date, or pin another version");
        }
        return DebianPackage.parse(shown.lines());
    }

    /** Packages, and the packages of the shared libraries that they need, without the C library. */
    public Set<String> withLibraries(List<String> names) {
        Set<String> all = new LinkedHashSet<>(names);
        for (List<String> unseen = names; !unseen.isEmpty(); ) {
            unseen = newest(unseen).stream()
                    .flatMap(each -> each.dependencies().stream())
                    .map(DebianPackage::name)
                    .filter(name -> LIBRARY.matcher(name).matches() && all.add(name))
                    .toList();
        }
        return all;
    }

    private List<DebianPackage> newest(List<String> names) {
        return DebianPackage.parseAll(
                command("apt-cache", names, "show", "--no-all-versions").run());
    }

    private List<String> show(String name) {
        return command("apt-cache", "show", "--no-all-versions", name).run();
    }

    /** Downloads packages and unpacks them over each other into {@code root}. Nothing is installed. */
    public void unpack(Collection<String> names, Path root) throws IOException {
        Path debs = Files.createDirectories(directory.resolve("debs"));
        List<String> wanted = new ArrayList<>();
        long bytes = 0;
        for (String uri : command("apt-get", names, "--print-uris", "download").run()) {
            Matcher file = FILE.matcher(uri);
            if (file.matches()) {
                wanted.add(file.group(1));
                bytes += Long.parseLong(file.group(2));
            }
        }
        report.say(String.format(Locale.ROOT, "downloading %d packages, %.1f MB", wanted.size(), bytes / 1e6));
        if (wanted.size() > FEW) {
            command("apt-get", names, "download").in(debs).run();
        } else {
            for (String name : names) {
                report.say("  " + name);
                command("apt-get", List.of(name), "download").in(debs).run();
            }
        }
        for (String file : wanted) {
            Path deb = debs.resolve(file);
            Command.of("dpkg-deb", "-x", deb.toString(), root.toString()).run();
            Files.delete(deb);
        }
    }

    private Command command(String tool, String... words) {
        return command(tool, List.of(), words);
    }

    private Command command(String tool, Collection<String> arguments, String... words) {
        List<String> all = new ArrayList<>(List.of(tool));
        option(all, "Dir::Etc::sourcelist", directory.resolve("sources.list"));
        option(all, "Dir::Etc::sourceparts", "/dev/null");
        option(all, "Dir::Etc::preferences", "/dev/null");
        option(all, "Dir::Etc::preferencesparts", "/dev/null");
        option(all, "Dir::State", directory);
        option(all, "Dir::State::lists", directory.resolve("lists"));
        option(all, "Dir::State::status", directory.resolve("status"));
        option(all, "Dir::Cache", directory);
        option(all, "Dir::Cache::archives", directory.resolve("archives"));
        option(all, "APT::Architecture", "amd64");
        option(all, "APT::Architectures", "amd64");
        option(all, "APT::Sandbox::User", "");
        option(all, "Acquire::Languages", "none");
        option(all, "Acquire::Retries", "3");
        option(all, "Debug::NoLocking", "1");
        all.add("-q");
        all.addAll(List.of(words));
        all.addAll(arguments);
        return Command.of(all);
    }

    private static void option(List<String> words, String name, Object value) {
        words.add("-o");
        words.add(name + "=" + value);
    }
}

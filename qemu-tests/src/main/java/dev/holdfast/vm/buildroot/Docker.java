// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.buildroot;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.DockerImageName;

/**
 * Runs a command in a container, by Testcontainers.
 *
 * @param image one with the packages of the root, to be pulled; if it is empty or cannot be pulled soon, the root is imported
 * @param report where progress is told
 */
record Docker(String image, Report report) implements Way {

    private static final String REPOSITORY = "holdfast/build-root";
    private static final String NOBODY = "65534:65534";
    private static final Duration PULL = Duration.ofSeconds(90);

    /** Why there is no engine to be used; empty if one answers. */
    static String missing() {
        String host = System.getenv().getOrDefault("DOCKER_HOST", "");
        if (host.isEmpty() && !Files.exists(Path.of("/var/run/docker.sock"))) {
            return "no Docker engine runs here";
        }
        if (!host.isEmpty() && !host.startsWith("unix:")) {
            return "the Docker engine at " + host + " does not see the files of this machine";
        }
        return DockerClientFactory.instance().isDockerAvailable() ? "" : "the Docker engine does not answer";
    }

    @Override
    public Command.Outcome run(Tree tree, Command command, List<Path> shared) {
        try (GenericContainer<?> container = new GenericContainer<>(image(tree))) {
            container
                    .withCommand("sleep", "infinity")
                    .withNetworkMode("none")
                    .withCreateContainerCmdModifier(create -> {
                        create.withUser(owner(shared));
                        create.getHostConfig()
                                .withBinds(shared.stream()
                                        .map(path -> new Bind(path.toString(), new Volume(path.toString())))
                                        .toList());
                    });
            container.start();
            Container.ExecResult result = container.execInContainer(ExecConfig.builder()
                    .workDir(command.directory().toString())
                    .envVars(command.environment())
                    .command(Command.of("/bin/sh", "-c", "exec \"$@\" 2>&1", "sh")
                            .and(command.words())
                            .words()
                            .toArray(String[]::new))
                    .build());
            return new Command.Outcome(
                    result.getExitCode(), result.getStdout().lines().toList());
        } catch (IOException e) {
            throw new HarnessException("cannot run " + command.words().get(0) + " in a container: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HarnessException("interrupted: " + command.words().get(0), e);
        }
    }

    /** What is made belongs to whom the place belongs to. Without a place nothing is made. */
    private static String owner(List<Path> shared) {
        if (shared.isEmpty()) {
            return NOBODY;
        }
        Path place = shared.get(shared.size() - 1);
        try {
            return Files.getAttribute(place, "unix:uid") + ":" + Files.getAttribute(place, "unix:gid");
        } catch (IOException e) {
            throw new HarnessException("cannot look at " + place + ": " + e, e);
        }
    }

    private DockerImageName image(Tree tree) {
        DockerClient engine = DockerClientFactory.instance().client();
        if (!image.isEmpty() && (has(engine, image) || pulled(engine))) {
            return DockerImageName.parse(image);
        }
        String imported = REPOSITORY + ":" + tree.name();
        if (!has(engine, imported)) {
            report.say("importing the build root into Docker");
            importImage(imported, tree);
        }
        return DockerImageName.parse(imported);
    }

    private static boolean has(DockerClient engine, String name) {
        try {
            engine.inspectImageCmd(name).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private boolean pulled(DockerClient engine) {
        String reason = "no answer in " + PULL.toSeconds() + " s";
        try {
            report.say("pulling " + image);
            if (engine.pullImageCmd(image).start().awaitCompletion(PULL.toSeconds(), TimeUnit.SECONDS)) {
                return true;
            }
        } catch (DockerException e) {
            reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HarnessException("interrupted: pulling " + image, e);
        }
        report.say("cannot pull " + image + " (" + reason + "): taking the build root instead");
        return false;
    }

    /** Testcontainers would follow links in a directory, so it gets an archive, which the engine unpacks. */
    private static void importImage(String name, Tree tree) {
        try {
            Path archive = Files.createTempFile("holdfast-build-root-", ".tar");
            try {
                Command.of("tar", "-C", tree.path().toString(), "-cf", archive.toString(), ".")
                        .run();
                new ImageFromDockerfile(name, false)
                        .withFileFromPath("root.tar", archive)
                        .withDockerfileFromBuilder(image ->
                                image.from("scratch").add("root.tar", "/").build())
                        .get();
            } finally {
                Files.delete(archive);
            }
        } catch (IOException e) {
            throw new HarnessException("cannot import the build root into Docker: " + e, e);
        }
    }
}

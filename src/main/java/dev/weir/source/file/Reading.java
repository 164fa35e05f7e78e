package dev.weir.source.file;

import dev.weir.bus.Position;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files one after the other, a batch at a time. Blocks, so it belongs off the event loop; one call at a time, from whatever
 * thread.
 */
public final class Reading {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private final FileSet files;
    private final Layout layout;
    private final boolean follow;
    private final boolean repeat;
    private @Nullable Position from;
    private @Nullable OpenFile current;
    private @Nullable String done;
    private boolean readAny;
    private String lastTrouble = "";

    /**
     * Nothing is opened yet.
     *
     * @param follow whether files grow, come and are replaced
     * @param repeat whether to begin again at the end
     * @param from where reading begins, null for the beginning
     */
    public Reading(FileSet files, Layout layout, boolean follow, boolean repeat, @Nullable Position from) {
        this.files = files;
        this.layout = layout;
        this.follow = follow;
        this.repeat = repeat;
        this.from = from;
    }

    /** Reads on. A batch without records says what then. */
    public Batch next() {
        try {
            Batch batch = batch();
            lastTrouble = batch.then() == Batch.Then.WAIT ? lastTrouble : "";
            return batch;
        } catch (NoSuchFileException gone) {
            return trouble("does not exist");
        } catch (IOException e) {
            return trouble("cannot be read: " + e);
        }
    }

    /** Nothing more is wanted. */
    public void close() {
        OpenFile open = current;
        current = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("{} was not closed", open.path(), e);
            }
        }
    }

    private Batch batch() throws IOException {
        ArrayList<Item> items = new ArrayList<>();
        while (items.isEmpty()) {
            OpenFile open = current == null ? begin() : current;
            if (open == null) {
                return atEnd();
            }
            boolean more = open.read(items);
            String epoch = open.epoch();
            if (!more && items.isEmpty() && !leave(open, items)) {
                return Batch.nothing(Batch.Then.WAIT);
            }
            if (!items.isEmpty()) {
                readAny = true;
                return Batch.of(epoch, items);
            }
        }
        throw new IllegalStateException("a batch is given as soon as there is one");
    }

    private @Nullable OpenFile begin() throws IOException {
        Position resume = from;
        boolean many = files.isMany();
        String name = many && resume != null ? nameIn(resume.epoch()) : done;
        Path next = files.behind(name, resume != null);
        if (next == null) {
            return null;
        }
        String suffix = many ? "/" + FileSet.nameOf(next) : "";
        Position at = resume != null && (!many || resume.epoch().endsWith(suffix)) ? resume : null;
        OpenFile opened = OpenFile.open(next, layout, at, suffix);
        if (opened == null) {
            LOG.warn("{} was replaced or shortened since it was read; it is read from its beginning", next);
            opened = OpenFile.open(next, layout, null, suffix);
        }
        from = null;
        current = opened;
        return opened;
    }

    private static @Nullable String nameIn(String epoch) {
        int slash = epoch.indexOf('/');
        return slash < 0 ? null : epoch.substring(slash + 1);
    }

    private Batch atEnd() throws IOException {
        if (follow) {
            return done == null ? trouble("matches no file") : Batch.nothing(Batch.Then.WAIT);
        }
        if (repeat && readAny) {
            readAny = false;
            done = null;
            return Batch.nothing(Batch.Then.MORE);
        }
        return done == null && from == null ? trouble("matches no file") : Batch.nothing(Batch.Then.END);
    }

    /** The file has no more: whether there is another one to go to. What is left of this one is read then. */
    private boolean leave(OpenFile open, List<Item> items) throws IOException {
        boolean another = !follow;
        if (follow && files.isMany()) {
            another = files.behind(FileSet.nameOf(open.path()), false) != null;
        } else if (follow) {
            another = isReplaced(open);
        }
        if (!another || (follow && open.read(items))) {
            return another;
        }
        if (!items.isEmpty()) {
            return true;
        }
        open.finish(items);
        close();
        done = follow && !files.isMany() ? null : FileSet.nameOf(open.path());
        return true;
    }

    private boolean isReplaced(OpenFile open) throws IOException {
        try {
            boolean replaced = open.isReplaced();
            if (replaced) {
                LOG.info("{} was replaced or shortened; it is read from its beginning", open.path());
            }
            return replaced;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** Who follows files waits; a file that could be read before is opened again where it was. */
    private Batch trouble(String what) {
        if (!follow) {
            close();
            return Batch.failed(files.path().toString(), what);
        }
        OpenFile open = current;
        if (!what.equals(lastTrouble)) {
            if (open == null && from == null && done == null) {
                // It may well be meant to come later.
                LOG.info("{} {} yet; waiting for it", files.path(), what);
            } else {
                LOG.warn("{} {}; waiting for it", files.path(), what);
            }
            lastTrouble = what;
        }
        if (open != null) {
            try {
                from = open.position();
            } catch (IOException e) {
                LOG.debug("{} has no position any more", open.path(), e);
            }
            close();
        }
        return Batch.nothing(Batch.Then.WAIT);
    }
}

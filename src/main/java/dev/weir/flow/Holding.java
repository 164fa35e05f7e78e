package dev.weir.flow;

/** One attempt's hold: what is said of it after the attempt is over means nothing. Owned by the lane's event loop. */
final class Holding implements Hold {
    private final Step step;
    private final Item item;
    private final int attempt;

    Holding(Step step, Item item) {
        this.step = step;
        this.item = item;
        this.attempt = item.attempts;
    }

    @Override
    public String id() {
        return item.id;
    }

    @Override
    public void done() {
        if (isOpen()) {
            step.released(item);
        }
    }

    @Override
    public void fail(Throwable error) {
        if (isOpen()) {
            step.failed(item.event, item, error);
        }
    }

    @Override
    public int attempts() {
        return attempt;
    }

    @Override
    public boolean isOpen() {
        return !step.isClosed() && item.state == Item.State.HELD && item.attempts == attempt;
    }
}

package dev.narwhal.bench.table;

/** What a row says of itself. */
abstract class NamedRow implements Row {

    private final String id;
    private final String title;
    private final String unit;
    private final boolean more;
    private final String processorUnit;

    NamedRow(String id, String title, String unit, boolean more, String processorUnit) {
        this.id = id;
        this.title = title;
        this.unit = unit;
        this.more = more;
        this.processorUnit = processorUnit;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public boolean more() {
        return more;
    }

    @Override
    public String processorUnit() {
        return processorUnit;
    }
}

namespace NetLab.Tui.Commands;

/// <summary>Colour for lines of text on a terminal; none where output goes elsewhere, or NO_COLOR asks for none.</summary>
internal sealed class Paint
{
    private readonly bool _on;

    private Paint(bool on) => _on = on;

    /// <summary>Paint that fits a command's output.</summary>
    public static Paint For(CommandContext context) => For(context, context.OutputIsTerminal);

    /// <summary>Paint that fits what is written elsewhere than to standard output.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="isTerminal">Whether that is a terminal.</param>
    public static Paint For(CommandContext context, bool isTerminal) =>
        new(isTerminal && string.IsNullOrEmpty(context.Environment("NO_COLOR")) && context.Environment("TERM") != "dumb");

    /// <summary>What stands behind.</summary>
    public string Faint(string text) => Wrap("2", text);

    /// <summary>What is to be seen first.</summary>
    public string Now(string text) => Wrap("1;36", text);

    /// <summary>What went well.</summary>
    public string Done(string text) => Wrap("32", text);

    /// <summary>What could not be decided.</summary>
    public string Waiting(string text) => Wrap("33", text);

    /// <summary>What failed.</summary>
    public string Failed(string text) => Wrap("1;31", text);

    private string Wrap(string attributes, string text) => _on ? $"\e[{attributes}m{text}\e[0m" : text;
}

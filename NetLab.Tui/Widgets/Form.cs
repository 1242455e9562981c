using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>How a form looks.</summary>
/// <param name="Label">The names of the fields.</param>
/// <param name="Value">What they hold.</param>
/// <param name="Lit">The name of the field that the keys act on.</param>
/// <param name="Mark">Signs: that a text goes on, that there are other choices.</param>
/// <param name="Good">The sign of a field that will do.</param>
/// <param name="Bad">The sign of one that will not.</param>
public readonly record struct FormStyles(Style Label, Style Value, Style Lit, Style Mark, Style Good, Style Bad);

/// <summary>A field of a form.</summary>
/// <param name="label">Its name.</param>
public abstract class FormField(string label)
{
    /// <summary>Its name.</summary>
    public string Label { get; } = label;

    /// <summary>What is wrong with it, in a sentence; null for nothing.</summary>
    public string? Fault { get; set; }

    /// <summary>Draws what it holds.</summary>
    /// <returns>The cursor's column; null where it has none.</returns>
    internal abstract int? Draw(Canvas canvas, in FormStyles styles, bool isLit);
}

/// <summary>A field with a text that is typed.</summary>
/// <param name="label">Its name.</param>
public sealed class TextField(string label) : FormField(label)
{
    /// <summary>The text and its cursor.</summary>
    public TextInput Input { get; } = new();

    /// <summary>The text.</summary>
    public string Text => Input.Text;

    internal override int? Draw(Canvas canvas, in FormStyles styles, bool isLit)
    {
        int cursor = Input.Draw(canvas, styles.Value, styles.Mark);
        return isLit ? cursor : null;
    }
}

/// <summary>A field with one of several words.</summary>
/// <param name="label">Its name.</param>
/// <param name="choices">The words.</param>
public sealed class ChoiceField(string label, IReadOnlyList<string> choices) : FormField(label)
{
    /// <summary>The place of the chosen one.</summary>
    public int Selected { get; private set; }

    /// <summary>The chosen one.</summary>
    public string Text => choices[Selected];

    /// <summary>Chooses by place.</summary>
    public void Select(int place) => Selected = Math.Clamp(place, 0, choices.Count - 1);

    /// <summary>Chooses the one so many places further, round the end.</summary>
    public void Move(int places) => Selected = (((Selected + places) % choices.Count) + choices.Count) % choices.Count;

    /// <summary>Chooses the next one that begins with a character.</summary>
    /// <returns>False when there is none.</returns>
    public bool MoveTo(string start)
    {
        for (int step = 1; step <= choices.Count; step++)
        {
            int place = (Selected + step) % choices.Count;
            if (!choices[place].StartsWith(start, StringComparison.OrdinalIgnoreCase))
                continue;
            Selected = place;
            return true;
        }

        return false;
    }

    internal override int? Draw(Canvas canvas, in FormStyles styles, bool isLit)
    {
        int x = canvas.Write(0, 0, styles.Mark, "‹ ");
        x = canvas.Write(x, 0, isLit ? styles.Lit : styles.Value, Text);
        canvas.Write(x, 0, styles.Mark, " ›");
        return null;
    }
}

/// <summary>Fields with their names, one under the other; the keys act on one of them.</summary>
public sealed class Form
{
    private IReadOnlyList<FormField> _fields = [];
    private int _place;

    /// <summary>The fields that show, in their order.</summary>
    public IReadOnlyList<FormField> Fields => _fields;

    /// <summary>The field that the keys act on.</summary>
    public FormField? Focused => _place < _fields.Count ? _fields[_place] : null;

    /// <summary>The first thing that is wrong: of the field that the keys act on, else of the first that has one; null for nothing.</summary>
    public string? Fault => Focused?.Fault ?? _fields.FirstOrDefault(one => one.Fault is not null)?.Fault;

    /// <summary>Shows these fields; the keys stay with the field that they acted on.</summary>
    public void Show(IReadOnlyList<FormField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        int place = Focused is { } focused ? fields.ToList().IndexOf(focused) : 0;
        (_fields, _place) = (fields, Math.Clamp(place < 0 ? _place : place, 0, Math.Max(0, fields.Count - 1)));
    }

    /// <summary>The keys act on the field so many places further, round the end.</summary>
    public void Move(int places) => _place = _fields.Count == 0 ? 0 : (((_place + places) % _fields.Count) + _fields.Count) % _fields.Count;

    /// <summary>The keys act on the field in this row.</summary>
    public void Focus(int row) => _place = Math.Clamp(row, 0, Math.Max(0, _fields.Count - 1));

    /// <summary>Draws it, a row a field.</summary>
    /// <returns>The cursor's cell on the canvas; null where the field has none.</returns>
    public (int X, int Y)? Draw(Canvas canvas, in FormStyles styles)
    {
        int labels = _fields.Select(field => TextWidth.Of(field.Label, canvas.Characters)).DefaultIfEmpty(0).Max();
        (int, int)? cursor = null;
        for (int row = 0; row < _fields.Count && row < canvas.Height; row++)
        {
            var field = _fields[row];
            bool isLit = row == _place;
            canvas.Write(0, row, styles.Lit, isLit ? "›" : " ");
            canvas.WriteField(2, row, labels, Alignment.Left, isLit ? styles.Lit : styles.Label, field.Label);
            int start = labels + 4;
            var place = new Rectangle(start, row, Math.Max(0, canvas.Width - start - 2), 1);
            if (field.Draw(canvas.Slice(place), styles, isLit) is { } column)
                cursor = (start + column, row);
            canvas.Write(canvas.Width - 1, row, field.Fault is null ? styles.Good : styles.Bad, field.Fault is null ? "✓" : "✗");
        }

        return cursor;
    }
}

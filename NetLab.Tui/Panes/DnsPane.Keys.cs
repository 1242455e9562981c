using NetLab.Core.Dns;
using NetLab.Core.Peers;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

// What the keys and the mouse do on the DNS tab.
public sealed partial class DnsPane
{
    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys =>
    [
        new("/", "a name and perhaps a type: www.example.org MX", "name"),
        new("t", "start, stop a small tree of names here; walks begin at its root", "own tree"),
        new("e", "what is worth asking the lab", _walk is null || !_hasLab ? null : "examples"),
        new("Enter", "ask the example; on the walk to the message; there open, close", _walk is not null && !_showsQuestions ? "message" : _hasLab ? "ask" : null),
        new("Tab", "walk, message, bytes", _walk is null || _showsQuestions ? null : "parts"),
        new("r", "walk again", _walk is null ? null : "again"),
        new("[ ]", "the walk before, the next one"),
        new("c", "what is remembered, in place of the message", _walk is null ? null : "cache"),
        new("x", "forget what is remembered"),
        new("↑↓ ←→ g G", "move; open, close; bytes"),
    ];

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        var dns = context.Lab.Dns;
        if (key.Is('/'))
            context.Foot.Ask(new Prompt("name", "", Check, text => Ask(text, context)));
        else if (key.Is('t'))
            ToggleLab(context);
        else if (key.Is('e') && dns.HasLab)
            _showsQuestions = !_showsQuestions;
        else if (_walk is null || _showsQuestions)
            return TakeOnQuestions(key, context);
        else
            return TakeOnWalk(key, context);
        return true;
    }

    /// <inheritdoc/>
    public override bool Back(PaneContext context)
    {
        if (_showsQuestions && _walk is not null)
            _showsQuestions = false;
        else if (_walk is null || _showsQuestions)
            return false;
        else if (_showsCache)
            _showsCache = false;
        else if (_part != Part.Walk)
            _part = Part.Walk;
        else
            return false;
        return true;
    }

    /// <inheritdoc/>
    public override void Wheel(int rows, int x, int y, PaneContext context)
    {
        var under = Part.Walk;
        bool isOnPart = false;
        foreach (var (part, place) in _placed)
        {
            if (place.Contains(x, y))
                (under, isOnPart) = (part, true);
        }

        if (!isOnPart)
            _cacheTop += rows; // clamped as it is drawn
        else if (under == Part.Walk)
            _tree.Tree.Scroll(rows);
        else if (under == Part.Message)
            _message.Tree.Scroll(rows);
        else
            _message.Scroll(rows);
    }

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_walk is null || _showsQuestions)
        {
            if (context.Lab.Dns.HasLab && y >= 2 && _questions.Top + y - 2 < DnsLab.Questions.Count)
                _questions.Select(_questions.Top + y - 2, DnsLab.Questions.Count);
            return;
        }

        foreach (var (part, place) in _placed)
        {
            if (!place.Contains(x, y))
                continue;
            _part = part;
            if (part == Part.Walk && Tree.Click(_tree.Tree, x - place.X, y - place.Y))
                _tree.Moved();
            else if (part == Part.Message && Tree.Click(_message.Tree, x - place.X, y - place.Y))
                _message.FollowTree();
            else if (part == Part.Bytes)
                _message.Click(x - place.X, y - place.Y);
            return;
        }
    }

    /// <summary>Shows a walk.</summary>
    internal void Show(DnsWalk walk) => _walk = walk;

    /// <summary>Walks to a name.</summary>
    internal void Walk(DnsQuestion question, PaneContext context)
    {
        _walk = context.Lab.Walk(question);
        (_showsQuestions, _part) = (false, Part.Walk);
    }

    private static PromptFault? Check(string text) => TryRead(text, out _, out var fault) ? null : fault;

    private static bool TryRead(string text, out DnsQuestion question, out PromptFault fault)
    {
        (question, fault) = (new DnsQuestion(DnsName.Root, DnsType.A), default);
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        ushort type = DnsType.A;
        if (words.Length is 0 or > 2)
        {
            fault = new PromptFault("a name, and perhaps a type: www.example.org MX");
            return false;
        }

        if (words.Length == 2 && !DnsType.TryParse(words[1], out type))
        {
            fault = new PromptFault($"{EventText.Printable(words[1])} is no record type", text.IndexOf(words[1], words[0].Length, StringComparison.Ordinal) + 1);
            return false;
        }

        try
        {
            question = new DnsQuestion(DnsName.Parse(words[0]), type);
            return true;
        }
        catch (DnsTextException wrong)
        {
            fault = new PromptFault(EventText.Printable(wrong.Message));
            return false;
        }
    }

    private void Ask(string text, PaneContext context)
    {
        if (TryRead(text, out var question, out _))
            Walk(question, context);
    }

    private void ToggleLab(PaneContext context)
    {
        var dns = context.Lab.Dns;
        if (dns.HasLab)
        {
            dns.StopLab();
            _showsQuestions = false;
            context.Foot.Say("The lab's tree is stopped; walks begin at the real root.");
        }
        else if (dns.StartLab() is { } refusal)
        {
            context.Foot.Fail(EventText.Printable(refusal.Sentence));
        }
        else
        {
            _showsQuestions = true;
            context.Foot.Say($"A root, a top level domain and four zones run at 127.53.0.1 and above, port {dns.Port}.");
        }
    }

    private bool TakeOnQuestions(KeyEvent key, PaneContext context)
    {
        if (!context.Lab.Dns.HasLab)
            return false;
        if (key.Key == Key.Enter)
        {
            var question = DnsLab.Questions[Math.Max(0, _questions.Selected)];
            Ask($"{question.Name} {question.Type}", context);
            return true;
        }

        if (Movement.Of(key, _questionRows, DnsLab.Questions.Count) is not { } rows)
            return false;
        _questions.Move(rows, DnsLab.Questions.Count);
        return true;
    }

    private bool TakeOnWalk(KeyEvent key, PaneContext context)
    {
        switch (key)
        {
            case { Key: Key.Tab }:
                _part = (Part)(((int)_part + (key.Modifiers.HasFlag(Modifiers.Shift) ? 2 : 1)) % 3);
                _showsCache = false;
                return true;
            case { Key: Key.Enter } when _part == Part.Walk:
                _part = Part.Message;
                return true;
            case { Key: Key.Enter } when _part == Part.Message:
                if (!_message.Tree.Toggle())
                    _part = Part.Bytes;
                return true;
        }

        if (key.Is('r'))
            Walk(_walk!.Question, context);
        else if (key.Is('c'))
            _showsCache = !_showsCache;
        else if (key.Is('x'))
            context.Lab.Dns.Cache.Clear();
        else if (key.Is('[') || key.Is(']'))
            Turn(context.Lab.Dns, key.Is('[') ? -1 : 1);
        else
            return TakeOnPart(key);
        return true;
    }

    private bool TakeOnPart(KeyEvent key) => _part switch
    {
        Part.Message => _message.TakeOnParts(key),
        Part.Bytes => _message.TakeOnBytes(key),
        _ => TakeOnTree(key),
    };

    private bool TakeOnTree(KeyEvent key)
    {
        if (!Movement.Take(_tree.Tree, key))
            return false;
        _tree.Moved();
        return true;
    }

    private void Turn(DnsSession dns, int places)
    {
        int place = dns.Walks.ToList().IndexOf(_walk!) + places;
        if (place >= 0 && place < dns.Walks.Count)
            _walk = dns.Walks[place];
    }
}

using System.Globalization;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>
/// Which rows of the socket table are wanted: words that all have to hold. <c>:8000</c> is a port of either end, <c>listen</c> a state, <c>tcp</c> or
/// <c>udp</c> a protocol, anything else a part of an address, a process, a pid or a user; <c>!</c> before a word turns it round.
/// </summary>
public sealed class SocketFilter
{
    private readonly Term[] _terms;

    private SocketFilter(string text, Term[] terms) => (Text, _terms) = (text, terms);

    /// <summary>The filter that wants every row.</summary>
    public static SocketFilter All { get; } = new("", []);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Whether it wants every row.</summary>
    public bool IsAll => _terms.Length == 0;

    /// <summary>Reads a filter.</summary>
    /// <param name="text">The words.</param>
    /// <param name="filter">The filter, or <see cref="All"/> when the text is none.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="column">Where, from 1.</param>
    public static bool TryParse(string text, out SocketFilter filter, out string fault, out int column)
    {
        ArgumentNullException.ThrowIfNull(text);
        (filter, fault, column) = (All, "", 0);
        var terms = new List<Term>();
        foreach (var range in text.AsSpan().Split(' '))
        {
            var word = text.AsSpan()[range];
            if (word.IsEmpty)
                continue;
            bool negated = word[0] == '!';
            if (negated)
                word = word[1..];
            column = range.Start.GetOffset(text.Length) + 1 + (negated ? 1 : 0);
            if (word.IsEmpty)
            {
                fault = "a word must follow '!'";
                return false;
            }

            if (word[0] == ':')
            {
                if (!ushort.TryParse(word[1..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                {
                    (fault, column) = ("a port from 0 to 65535 must follow ':'", column + 1);
                    return false;
                }

                terms.Add(new Term(TermKind.Port, negated) { Port = port });
            }
            else if (TryState(word, out var state))
            {
                terms.Add(new Term(TermKind.State, negated) { State = state });
            }
            else
            {
                terms.Add(new Term(word is "tcp" or "udp" ? TermKind.Protocol : TermKind.Part, negated) { Text = word.ToString() });
            }
        }

        column = 0;
        filter = terms.Count == 0 ? All : new SocketFilter(text.Trim(), [.. terms]);
        return true;
    }

    /// <summary>Whether a row is wanted.</summary>
    /// <param name="row">The row.</param>
    /// <param name="process">Its process's name.</param>
    /// <param name="user">Its user's name.</param>
    public bool Wants(in SocketEntry row, string process, string user)
    {
        foreach (var term in _terms)
        {
            if (Holds(term, row, process, user) == term.IsNegated)
                return false;
        }

        return true;
    }

    private static bool Holds(in Term term, in SocketEntry row, string process, string user) => term.Kind switch
    {
        TermKind.Port => row.Key.Tuple.Local.Port == term.Port || row.Key.Tuple.Remote.Port == term.Port,
        TermKind.State => row.Detail.Protocol == 6 && row.Detail.State == term.State,
        TermKind.Protocol => row.Detail.Protocol == 6 == (term.Text == "tcp"),
        _ => Contains(process, term.Text) || Contains(user, term.Text) || row.ProcessId.ToString(CultureInfo.InvariantCulture) == term.Text
            || Contains(row.Key.Tuple.Local.ToString(), term.Text) || Contains(row.Key.Tuple.Remote.ToString(), term.Text)
            || Contains(SocketsView.StateName(row.Detail), term.Text),
    };

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    // As RFC 9293 writes them, and as ss does: time-wait, estab.
    private static bool TryState(ReadOnlySpan<char> word, out TcpState state)
    {
        Span<char> name = stackalloc char[16];
        state = TcpState.Unknown;
        if (word.Length > name.Length)
            return false;
        word.ToUpperInvariant(name);
        name = name[..word.Length];
        name.Replace('-', '_');
        if (name.SequenceEqual("ESTAB"))
            state = TcpState.Established;
        return state != TcpState.Unknown || TcpStateNames.TryParse(name, out state);
    }

    private enum TermKind : byte
    {
        Part,
        Port,
        State,
        Protocol,
    }

    private readonly record struct Term(TermKind Kind, bool IsNegated)
    {
        public ushort Port { get; init; }

        public TcpState State { get; init; }

        public string Text { get; init; } = "";
    }
}

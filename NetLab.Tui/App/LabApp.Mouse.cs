using NetLab.Tui.Terminal;

namespace NetLab.Tui.App;

/// <content>Clicks and the wheel.</content>
public sealed partial class LabApp
{
    private void Take(MouseEvent mouse)
    {
        int rows = mouse.Action switch { MouseAction.WheelUp => -3, MouseAction.WheelDown => 3, _ => 0 };
        bool click = mouse is { Action: MouseAction.Press, Button: MouseButton.Left };
        if (_view.Form is { } form)
        {
            if (click)
                form.Click(mouse.Column, mouse.Row);
            return;
        }

        if (click && _view.TabAt(mouse.Column, mouse.Row) is { } tab)
        {
            _view.ShowTab(tab);
            return;
        }

        if (_view.PaneAt(mouse.Column, mouse.Row) is not var (pane, x, y))
            return;
        if (pane == _view.Experiments && _view.Experiments.PeerAt(y, _lab.Peers) is { } running)
        {
            if (click)
                Follow(running);
        }
        else if (pane == _view.Experiments)
        {
            if (click || rows != 0)
                ShowPeers(false);
            bool other = rows != 0 ? _view.Experiments.Move(Math.Sign(rows)) : click && _view.Experiments.Choose(_view.Experiments.PlaceAt(y));
            if (other)
                ShowExperiment();
        }
        else if (pane == _view.Peers)
        {
            _view.Focus(null);
            if (rows != 0)
                ChoosePeer(Math.Sign(rows));
            else if (click && _view.Peers.At(y, Context(_clock())) is { } peer && peer != _view.Peers.Selected)
                Follow(peer);
        }
        else if (rows != 0)
        {
            pane.Wheel(rows, x, y, Context(_clock()));
        }
        else if (click)
        {
            _view.Focus(pane);
            pane.Click(x, y, Context(_clock()));
        }
    }
}

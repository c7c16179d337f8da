(function () {
  var svg = document.currentScript.ownerSVGElement;
  var right = svg.getAttribute('data-direction') === 'right';
  function data(e, name) { return e.getAttribute('data-' + name); }
  function numbers(e, name) { return data(e, name).split(' ').map(Number); }
  function children(e, name) {
    return Array.prototype.filter.call(e.children, function (c) {
      return c.getAttribute('class') === name;
    });
  }
  function two(n) { return Math.round(n * 100) / 100; }
  function point(across, along) {
    return right ? two(along) + ',' + two(across) : two(across) + ',' + two(along);
  }
  function isOpen(part) {
    return children(part, 'open').some(function (o) { return !o.hasAttribute('display'); });
  }
  function along(part) {
    if (!isOpen(part)) return +data(part, 'closed');
    var open = children(part, 'open')[0];
    var length = place(children(open, 'frame')[0]);
    children(open, 'toggle')[0].querySelector('rect')
        .setAttribute(right ? 'width' : 'height', two(length));
    children(open, 'labels')[0].setAttribute('transform', 'translate(' + point(0, length) + ')');
    return length;
  }
  function place(frame) {
    var parts = children(frame, 'part'), labels = numbers(frame, 'labels');
    var turns = numbers(frame, 'turns'), edges = numbers(frame, 'edges');
    var last = labels.length - 1, tops = [0], heights = labels.map(function () { return 0; });
    heights[0] = edges[0];
    heights[last] = edges[1];
    var sizes = parts.map(along);
    parts.forEach(function (p, i) {
      heights[data(p, 'row')] = Math.max(heights[data(p, 'row')], sizes[i]);
    });
    for (var r = 0; r < last; r++) tops.push(tops[r] + heights[r] + labels[r] + turns[r]);
    parts.forEach(function (p) {
      p.setAttribute('transform', 'translate(' + point(+data(p, 'across'), tops[data(p, 'row')]) + ')');
    });
    children(frame, 'line').forEach(function (line) {
      draw(line, parts, sizes, tops, turns, heights);
    });
    return tops[last] + heights[last];
  }
  function draw(line, parts, sizes, tops, turns, heights) {
    var xs = numbers(line, 'across'), closed = numbers(line, 'closed'), row = +data(line, 'row');
    var from = +data(line, 'from'), to = +data(line, 'to'), end = xs.length - 1;
    if (from >= 0 && !isOpen(parts[from])) xs[0] = closed[0];
    if (to >= 0 && !isOpen(parts[to])) xs[end] = closed[1];
    var d = 'M' + point(xs[0], tops[row] + (from < 0 ? 0 : sizes[from]));
    for (var i = 1; i <= end; i++) {
      var y = tops[row + i], turn = y - turns[row + i - 1], head = y - 7, half = (turn + head) / 2;
      d += 'L' + point(xs[i - 1], turn);
      if (xs[i] !== xs[i - 1]) {
        d += 'C' + point(xs[i - 1], half) + ' ' + point(xs[i], half) + ' ' + point(xs[i], head);
      }
      d += 'L' + point(xs[i], y);
    }
    if (to < 0) {
      d += 'L' + point(xs[end], tops[tops.length - 1] + heights[heights.length - 1]);
    }
    line.setAttribute('d', d);
    if (to >= 0 && !isOpen(parts[to])) {
      line.setAttribute('marker-end', 'url(#arrow)');
    } else {
      line.removeAttribute('marker-end');
    }
  }
  function fit() {
    var length = place(svg.querySelector('.frame')) + Number(data(svg, 'beside'));
    var box = svg.getAttribute('viewBox').split(' ');
    box[right ? 2 : 3] = right ? Math.max(length, data(svg, 'least')) : length;
    svg.setAttribute('viewBox', box.join(' '));
    svg.setAttribute(right ? 'width' : 'height', box[right ? 2 : 3]);
  }
  function toggle(event) {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    var part = event.currentTarget.parentNode.parentNode;
    ['closed', 'open'].forEach(function (side) {
      var look = children(part, side)[0];
      if (look.hasAttribute('display')) look.removeAttribute('display');
      else look.setAttribute('display', 'none');
    });
    fit();
  }
  Array.prototype.forEach.call(svg.querySelectorAll('.toggle'), function (t) {
    t.style.cursor = 'pointer';
    t.setAttribute('tabindex', '0');
    t.setAttribute('role', 'button');
    t.addEventListener('click', toggle);
    t.addEventListener('keydown', toggle);
  });
})();

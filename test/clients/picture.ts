/** A picture of 16 by 16 points, a PNG in base64. */
export const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mM4ISdHEmIY1TCqYfhqAADkYgQQ6ZuA8QAAAABJRU5ErkJggg==';

/** How every PNG begins, whoever has written it anew. */
export const PICTURE_START = 'iVBORw0KGgo';
